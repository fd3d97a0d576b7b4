using System.Net;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>Who speaks in the clear to a server that speaks TLS, and what is no sound request over TLS.</summary>
[Trait(ChatServer.Inside, "")]
public sealed class InTheClearTests : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    readonly TestIssuer _issuer = new();
    readonly int _port = Ports.Free(), _plain = Ports.Free();
    TestDatabase? _database;
    SecureServer? _server;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        var (chain, key) = _issuer.For("localhost");
        await File.WriteAllTextAsync(_folder["chain.pem"], chain);
        await File.WriteAllTextAsync(_folder["key.pem"], key);
        _server = await SecureServer.StartAsync(_database, _port, options => options with
        {
            TlsCertificate = _folder["chain.pem"],
            TlsKey = _folder["key.pem"],
            RedirectPort = _plain,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _database!.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_are_sent_to_https_and_what_they_wanted_to_change_is_refused(bool otherPort)
    {
        var port = otherPort ? _plain : _port;
        var read = await Visitor.RawAsync(port, "GET /rooms/7?a=%2F HTTP/1.1\r\nHost: server.lan\r\n\r\n", tls: false);
        Assert.StartsWith("HTTP/1.1 308 ", read, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: https://server.lan:{_port}/rooms/7?a=%2F\r\n", read, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", read, StringComparison.Ordinal);

        var write = await Visitor.RawAsync(port, "POST /api/v1/sessions HTTP/1.1\r\nHost: server.lan\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", tls: false);
        Assert.StartsWith("HTTP/1.1 403 ", write, StringComparison.Ordinal);

        var watch = await Visitor.RawAsync(port, "GET /ready HTTP/1.1\r\nHost: server.lan\r\nConnection: close\r\n\r\n", tls: false);
        Assert.StartsWith("HTTP/1.1 200 ", watch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_are_secure_and_the_name_is_bound_to_nothing_without_a_PUBLIC_URL()
    {
        using var visitor = new Visitor(_port, _issuer.RootPem, new Uri($"https://localhost:{_port}"));
        using var about = await visitor.GetAsync("/api/v1/about");
        Assert.False(about.Headers.Contains("Strict-Transport-Security"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(visitor.Address, "/api/v1/users"))
        {
            Content = new StringContent($$"""{"username":"{{ChatServer.NewName()}}","password":"{{Guest.Password}}"}""", null, "application/json"),
        };
        using var answer = await visitor.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-olha_session=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    // Where a request ends is as strict over TLS, and behind a refused upgrade nothing is heard at either door.
    [Theory]
    [InlineData("POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("GET /health HTTP/1.1\nHost: localhost\n\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /api/v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 401)]
    [InlineData("GET /api/ws/1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 401)]
    public async Task An_unsound_request_ends_the_connection(string request, int status)
    {
        var answer = await Visitor.RawAsync(_port, request, tls: true, host: "localhost");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(2, answer.Split("HTTP/1.1 ").Length); // one answer
    }
}
