using System.Diagnostics;
using System.Net;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>The program as a person starts it who wants a certificate, the authority that Debian packages, and other people's clients.</summary>
public sealed class AcmeProgramTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_is_got_by_itself_and_outlives_a_kill()
    {
        var port = Ports.Free();
        await using var pebble = await Pebble.StartAsync(port);
        var root = (await pebble.RootAsync())!;
        await File.WriteAllTextAsync(_folder["root.pem"], root, TestContext.Current.CancellationToken);
        string first;
        await using (var program = Start(port, pebble))
        {
            await ReadyAsync(port, program);
            using var shown = (await Visitor.ShownAsync(port))!;
            first = shown.SerialNumber;
            await BrowsersComeInAsync(port, root);
            OpensslIsContent(port);
            program.Kill();
        }

        await using var again = Start(port, pebble);
        await again.Address;
        using var kept = (await Visitor.ShownAsync(port))!;
        Assert.Equal((first, 1), (kept.SerialNumber, pebble.Signed));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["olha.db"])); // the keys are in there
    }

    async Task BrowsersComeInAsync(int port, string root)
    {
        using var visitor = new Visitor(port, root);
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var about = await visitor.GetAsync("/api/v1/about", version);
            Assert.Equal((HttpStatusCode.OK, version), (about.StatusCode, about.Version));
            Assert.Equal("max-age=31536000", Assert.Single(about.Headers.GetValues("Strict-Transport-Security")));
            var me = await visitor.SignUpAsync();
            using var socket = await visitor.ListenAsync(me.Token!, version);
            var welcome = await Visitor.AskAsync(socket, """{"type":"hello"}""", "welcome");
            Assert.Equal(me.Me.Id, welcome.GetProperty("me").GetProperty("id").GetInt64());
        }
        Assert.Equal("200 2", Run("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code} %{http_version}", "--cacert", _folder["root.pem"],
            "--resolve", $"chat.example:{port}:127.0.0.1", $"https://chat.example:{port}/api/v1/about").Said);
    }

    void OpensslIsContent(int port)
    {
        string[] ask = ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", "chat.example", "-verify_hostname", "chat.example", "-CAfile", _folder["root.pem"],
            "-verify_return_error", "-brief", "-cipher", "DEFAULT@SECLEVEL=0"];
        var sound = Run("openssl", ask);
        Assert.Contains("Protocol version: TLSv1.3", sound.Said, StringComparison.Ordinal);
        Assert.Contains("Verification: OK", sound.Said, StringComparison.Ordinal);
        Assert.Contains("Protocol version: TLSv1.2", Run("openssl", [.. ask, "-tls1_2"]).Said, StringComparison.Ordinal);
        foreach (var old in (string[])["-tls1_1", "-tls1"]) Assert.NotEqual(0, Run("openssl", [.. ask, old]).Code);
        Assert.NotEqual(0, Run("openssl", [.. ask, "-alpn", "acme-tls/1"]).Code); // nobody is to look now
    }

    RunningProgram Start(int port, Pebble pebble) => RunningProgram.Start(_folder.Path, new Dictionary<string, string>
    {
        ["PORT"] = $"{port}", ["BIND"] = "127.0.0.1", ["DB_NAME"] = "olha.db", ["PUBLIC_URL"] = $"https://chat.example:{port}",
        ["ACME_DIRECTORY"] = $"{pebble.Directory}", ["ACME_ROOTS"] = pebble.Roots, ["ACME_EMAIL"] = "ana@chat.example",
    });

    // In the clear, where it can be asked before there is a certificate.
    static Task ReadyAsync(int port, RunningProgram program) => SecureServer.UntilAsync(async () =>
    {
        try
        {
            return (await Visitor.RawAsync(port, "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", tls: false)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }, () => program.Said);

    static (int Code, string Said) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var complained = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + complained.Result);
    }
}
