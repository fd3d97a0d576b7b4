using System.Diagnostics;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>Let's Encrypt's own authority for tests, of Debian's package, and a DNS server that finds every host on this machine.</summary>
/// <remarks>They end with the tests however those end: the shell that started them does at end of file.</remarks>
internal sealed class Pebble : IAsyncDisposable
{
    const string Serve = """
        pebble-challtestsrv -defaultIPv6 '' -http01 '' -https01 '' -tlsalpn01 '' -dns01 "127.0.0.1:$2" -management "127.0.0.1:$3" > "$1/dns.log" 2>&1 &
        dns=$!
        pebble -strict -config "$1/pebble.json" -dnsserver "127.0.0.1:$2" > "$1/log" 2>&1 &
        pebble=$!
        cat > /dev/null
        kill $dns $pebble
        """;

    readonly TempFolder _folder = new();
    readonly Process _process;
    readonly int _management = Ports.Free();

    Pebble(int tlsPort, string variables)
    {
        var issuer = new TestIssuer();
        var (chain, key) = issuer.For("127.0.0.1");
        File.WriteAllText(_folder["chain.pem"], chain);
        File.WriteAllText(_folder["key.pem"], key);
        File.WriteAllText(Roots, issuer.RootPem);
        var port = Ports.Free();
        Directory = new Uri($"https://127.0.0.1:{port}/dir");
        File.WriteAllText(_folder["pebble.json"], $$$"""
            {"pebble": {"listenAddress": "127.0.0.1:{{{port}}}", "managementListenAddress": "127.0.0.1:{{{_management}}}", "certificate": "{{{_folder["chain.pem"]}}}",
              "privateKey": "{{{_folder["key.pem"]}}}", "httpPort": 1, "tlsPort": {{{tlsPort}}}, "ocspResponderURL": "", "externalAccountBindingRequired": false,
              "certificateValidityPeriod": 864000
            }}
            """);
        var start = new ProcessStartInfo("sh", ["-c", Serve, "sh", _folder.Path, $"{Ports.Free()}", $"{Ports.Free()}"]) { RedirectStandardInput = true };
        foreach (var variable in $"PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0 {variables}".Split(' ', StringSplitOptions.RemoveEmptyEntries))
            start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        _process = Process.Start(start)!;
    }

    public Uri Directory { get; }

    /// <summary>The file with the root of its own address.</summary>
    public string Roots => _folder["roots.pem"];

    /// <summary>What it logged so far.</summary>
    public string Said => File.Exists(_folder["log"]) ? File.ReadAllText(_folder["log"]) : "";

    /// <summary>How many certificates it signed.</summary>
    public int Signed => Said.Split("Issued certificate serial").Length - 1;

    /// <param name="tlsPort">Where it looks for a host, instead of at 443.</param>
    /// <param name="variables"><c>NAME=value</c>, with blanks between; it loses no time and refuses no nonce unless they say so.</param>
    public static async Task<Pebble> StartAsync(int tlsPort, string variables = "")
    {
        var pebble = new Pebble(tlsPort, variables);
        await SecureServer.UntilAsync(async () => await pebble.RootAsync() is not null, () => $"Pebble (apt-get install pebble): {pebble.Said}");
        return pebble;
    }

    /// <summary>The root of the certificates that it signs, PEM; null: it does not answer yet.</summary>
    public async Task<string?> RootAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null },
        });
        try
        {
            return await http.GetStringAsync($"https://127.0.0.1:{_management}/roots/0", TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
