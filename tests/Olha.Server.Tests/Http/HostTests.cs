using System.Net;
using Olha.Server.Http;

namespace Olha.Server.Tests.Http;

/// <summary>Without <c>PUBLIC_URL</c>: which names the server answers to. A page whose name a stranger made to lead here has none of them.</summary>
public sealed class HostTests : IAsyncLifetime
{
    readonly ChatServer _server = new(options => options with { AllowedHosts = ["chat.example.org"], DrainSeconds = 10 });

    public ValueTask InitializeAsync() => _server.InitializeAsync();
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("192.168.1.7", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("[fe80::1]", true)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8080", true)]
    [InlineData("localhost.", true)]
    [InlineData("chat", true)]
    [InlineData("raspberry-pi:8080", true)]
    [InlineData("chat.local", true)]
    [InlineData("chat.LAN:8080", true)]
    [InlineData("chat.home.arpa", true)]
    [InlineData("chat.localhost", true)]
    [InlineData("chat.example.org", true)]
    [InlineData("CHAT.example.org.:8080", true)]
    [InlineData("evil.example", false)]
    [InlineData("sub.chat.example.org", false)]
    [InlineData("example.org", false)]
    [InlineData("chat.example.org.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("xlocal.example", false)]
    [InlineData("evil.notlan", false)]
    [InlineData("evil.arpa", false)]
    public async Task A_name_is_answered_or_refused(string host, bool answered)
    {
        using var stranger = _server.Stranger();
        using var about = await stranger.SendAsync(HttpMethod.Get, "/api/v1/about", null, ("Host", host));
        using var page = await stranger.SendAsync(HttpMethod.Get, "/", null, ("Host", host));
        using var health = await stranger.SendAsync(HttpMethod.Get, "/health", null, ("Host", host));
        using var ready = await stranger.SendAsync(HttpMethod.Get, "/ready", null, ("Host", host));

        var status = answered ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest;
        Assert.Equal((status, status, HttpStatusCode.OK, HttpStatusCode.OK), (about.StatusCode, page.StatusCode, health.StatusCode, ready.StatusCode));
        if (answered) return;
        Assert.Equal("wrong_host", (await about.ProblemAsync()).Code);
        Assert.Equal("text/plain", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("ALLOWED_HOSTS", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void No_name_is_no_name_of_ours() => Assert.False(PublicAddress.IsOurs("", []));

    [Theory]
    [InlineData("/api/v1/socket", "evil.example", 421)]
    [InlineData("/api/v1/socket", "chat.example.org", 101)]
    [InlineData("/api/ws/{id}", "evil.example", 421)]
    [InlineData("/api/ws/{id}", "chat.example.org", 101)]
    public async Task Sockets_too_and_a_rebinding_page_whose_origin_is_its_host_gets_nowhere(string path, string host, int status)
    {
        var ana = await _server.SomebodyAsync();
        using var answer = await ana.SendAsync(
            HttpMethod.Get, path.Replace("{id}", $"{ana.Id}", StringComparison.Ordinal), null,
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Host", host), ("Origin", $"http://{host}"), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(status, (int)answer.StatusCode);
    }
}
