using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Olha.Server.Tests.Gateway;

/// <summary>Who holds a connection and does nothing with it, at every door: gone within 40 s, in real time. One test, because all of
/// them wait at once.</summary>
[Trait(ChatServer.Inside, "speaks TLS")]
public sealed class SlowClientTests(BothTransports both) : IClassFixture<BothTransports>
{
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(40);
    static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(300);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_holds_a_connection_for_more_than_40_seconds_without_using_it()
    {
        using var ana = await both.Server.SignUpAsync();
        var upgrade = $"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {ana.Token}\r\n";
        var v1 = $"GET /api/v1/socket HTTP/1.1\r\nHost: localhost\r\nSec-WebSocket-Protocol: olha.v1\r\n{upgrade}\r\n";
        var original = $"GET /api/ws/{ana.Id} HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n";
        var hello = Encoding.Latin1.GetString(RawSocket.Frame(RawSocket.Text, """{"type":"hello"}"""u8.ToArray()));
        const string Post = "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

        var cases =
            from tls in (bool[])[false, true]
            from it in ((string Name, string Said, string ByteByByte, bool Finished)[])
            [
                ("says nothing", "", "", false),
                ("says nothing and finishes", "", "", true),
                ("a head that stops", "GET / HTTP/1.1\r\nHost: loc", "", false),
                ("a head that stops, finished", "GET / HTTP/1.1\r\nHost: loc", "", true),
                ("a head byte by byte", "", $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 8000)}", false),
                ("a body that stops", $"{Post}Content-Length: 60000\r\n\r\n{{", "", false),
                ("a body that stops, finished", $"{Post}Content-Length: 60000\r\n\r\n{{", "", true),
                ("a body byte by byte", $"{Post}Content-Length: 60000\r\n\r\n", new string(' ', 60000), false),
                ("a chunked body that stops", $"{Post}Transfer-Encoding: chunked\r\n\r\n5\r\n{{", "", false),
                ("a chunk's length byte by byte", $"{Post}Transfer-Encoding: chunked\r\n\r\n", new string('0', 8000), false),
                ("one request, then nothing", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", "", false),
                ("a socket without hello", v1, "", false),
                ("a socket without hello, finished", v1, "", true),
                ("a socket whose hello comes byte by byte", v1, hello[..^1], false),
                ("a socket that answers no ping", v1 + hello, "", false),
                ("a socket that answers no ping, with half a frame", v1 + hello + hello[..5], "", false),
                ("a socket, finished", v1 + hello, "", true),
                ("an original socket that answers no ping", original, "", false),
                ("an original socket, finished", original, "", true),
            ]
            select EndsAsync(both.Address(tls), $"{it.Name}{(tls ? ", TLS" : "")}", it.Said, it.ByteByByte, it.Finished);

        var ended = await Task.WhenAll([.. cases, EndsAsync(new UriBuilder(both.Address(true)) { Scheme = "http" }.Uri, "no handshake", "", "", false)]);

        Assert.All(ended, it => Assert.True(it.After < s_longest, $"{it.Name}: still open after {it.After}"));
    }

    static async Task<(string Name, TimeSpan After)> EndsAsync(Uri server, string name, string said, string byteByByte, bool finished)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server.Host, server.Port, Ct);
        await using var stream = await OpenAsync(tcp, server);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(s_longest);
        var start = Stopwatch.GetTimestamp();
        var talking = TalkAsync(tcp, stream, said, byteByByte, finished, patience.Token);
        try
        {
            var heard = new byte[4096];
            while (await stream.ReadAsync(heard, patience.Token) > 0) { }
        }
        catch (IOException) { } // reset: gone as well
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            return (name, s_longest);
        }
        var after = Stopwatch.GetElapsedTime(start);
        await patience.CancelAsync();
        await talking;
        return (name, after);
    }

    static async Task TalkAsync(TcpClient tcp, Stream stream, string said, string byteByByte, bool finished, CancellationToken ct)
    {
        try
        {
            if (said.Length > 0) await stream.WriteAsync(Encoding.Latin1.GetBytes(said), ct);
            if (finished) tcp.Client.Shutdown(SocketShutdown.Send);
            foreach (var letter in byteByByte)
            {
                await stream.WriteAsync(new[] { (byte)letter }, ct);
                await Task.Delay(s_between, ct);
            }
        }
        catch (Exception cause) when (cause is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It was closed, as it should.
        }
    }

    static async Task<Stream> OpenAsync(TcpClient tcp, Uri server)
    {
        if (server.Scheme != Uri.UriSchemeHttps) return tcp.GetStream();
        var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = server.Host, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={server.Host}",
        }, Ct);
        return tls;
    }
}
