using System.Diagnostics;
using System.Runtime.CompilerServices;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>A proxy of Debian's packages with the file that we ship for it, of which only ports and certificates are others.</summary>
internal sealed class ShippedProxy : IAsyncDisposable
{
    // It ends with the tests however those end.
    const string Serve = """
        "$@" &
        cat > /dev/null
        kill $!
        wait
        """;

    readonly TempFolder _folder = new();
    readonly Process _process;

    ShippedProxy(string name, int programPort)
    {
        string[] command = name == "nginx" ? Nginx(programPort) : Caddy(programPort);
        var start = new ProcessStartInfo("sh", ["-c", Serve, "sh", .. command]) { RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = _folder.Path;
        _process = Process.Start(start)!;
        Said = _process.StandardError.ReadToEndAsync();
    }

    public int Port { get; } = Ports.Free();

    public int PlainPort { get; } = Ports.Free();

    public string RootPem { get; private set; } = "";

    Task<string> Said { get; }

    public static async Task<ShippedProxy> StartAsync(string name, int programPort)
    {
        var proxy = new ShippedProxy(name, programPort);
        await SecureServer.UntilAsync(async () =>
        {
            if (proxy._process.HasExited) Assert.Fail(await proxy.Said);
            try
            {
                if (await Visitor.ShownAsync(proxy.Port, "chat.example.org") is not { } shown) return false;
                shown.Dispose();
            }
            catch (Exception cause) when (cause is System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException)
            {
                return false;
            }
            if (name == "caddy") proxy.RootPem = await File.ReadAllTextAsync(proxy._folder["caddy/pki/authorities/local/root.crt"]);
            return true;
        }, () => $"{name} (apt-get install {name})");
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await Said;
        _process.Dispose();
        _folder.Dispose();
    }

    string[] Nginx(int programPort)
    {
        var issuer = new TestIssuer();
        var (chain, key) = issuer.For("chat.example.org");
        RootPem = issuer.RootPem;
        File.WriteAllText(_folder["fullchain.pem"], chain);
        File.WriteAllText(_folder["privkey.pem"], key);
        File.WriteAllText(_folder["site.conf"], Shipped("nginx.conf")
            .Replace("/etc/letsencrypt/live/chat.example.org/", _folder.Path + "/", StringComparison.Ordinal)
            .Replace("listen 443 ", $"listen 127.0.0.1:{Port} ", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{PlainPort};", StringComparison.Ordinal)
            .Replace("127.0.0.1:8080", $"127.0.0.1:{programPort}", StringComparison.Ordinal));
        File.WriteAllText(_folder["nginx.conf"], $$"""
            user root; daemon off; pid {{_folder.Path}}/pid; error_log stderr;
            events {}
            http {
              access_log off; client_body_temp_path {{_folder.Path}}/body; proxy_temp_path {{_folder.Path}}/proxy; fastcgi_temp_path {{_folder.Path}}/f;
              uwsgi_temp_path {{_folder.Path}}/u; scgi_temp_path {{_folder.Path}}/s;
              include {{_folder.Path}}/site.conf;
            }
            """);
        return ["nginx", "-c", _folder["nginx.conf"], "-e", "stderr"];
    }

    string[] Caddy(int programPort)
    {
        File.WriteAllText(_folder["Caddyfile"], $$"""
            {
              admin off
              local_certs
              skip_install_trust
              http_port {{PlainPort}}
              https_port {{Port}}
            }

            """ + Shipped("Caddyfile").Replace("127.0.0.1:8080", $"127.0.0.1:{programPort}", StringComparison.Ordinal));
        return ["caddy", "run", "--adapter", "caddyfile", "--config", _folder["Caddyfile"]];
    }

    static string Shipped(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../deploy", name));
}
