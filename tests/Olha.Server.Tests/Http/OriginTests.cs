using System.Net;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests.Http;

/// <summary>Without <c>PUBLIC_URL</c>: what a page of another site may not do.</summary>
public sealed class OriginTests(ChatServer server) : IClassFixture<ChatServer>
{
    string Host => server.Address.Authority;

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task Another_sites_page_may_not_write(string site)
    {
        var ana = await server.SomebodyAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Patch, "/api/v1/me", new ProfileBody("Hacked"), ("Sec-Fetch-Site", site));
        Assert.Equal((403, "wrong_origin"), (problem.Status, problem.Code));
        Assert.NotEqual("Hacked", (await ana.GetAsync<Person>("/api/v1/me")).DisplayName);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("http://evil.example")]
    [InlineData("https://evil.example:443")]
    [InlineData("http://{host}.evil.example")]
    [InlineData("http://evil.example/{host}")]
    [InlineData("http://evil.example@{host}")]
    [InlineData("ftp://{host}")]
    [InlineData("{host}")]
    [InlineData("http://{host}/")]
    [InlineData("http://{host}, http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    public async Task An_origin_that_is_not_the_host_may_not_write(string origin)
    {
        var ana = await server.SomebodyAsync();
        var problem = await ana.RefusedAsync(
            HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Open, Guest.NewRoomName()), ("Origin", Of(origin)));
        Assert.Equal((403, "wrong_origin"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("same-origin", "http://{host}")]
    [InlineData("none", "http://{host}")]
    [InlineData(null, "http://{host}")]
    [InlineData(null, "https://{host}")] // a proxy in front speaks TLS
    [InlineData("same-origin", null)]
    [InlineData(null, null)] // no browser
    public async Task The_servers_own_page_may(string? site, string? origin)
    {
        var ana = await server.SomebodyAsync();
        (string, string)[] headers = [.. Header("Sec-Fetch-Site", site), .. Header("Origin", origin)];
        using var response = await ana.SendAsync(HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Open, Guest.NewRoomName()), headers);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/users")]
    [InlineData("/api/users/login")]
    [InlineData("/api/v1/sessions")]
    public async Task Nobody_is_signed_in_from_elsewhere(string path)
    {
        using var stranger = server.Stranger();
        var body = new OriginalCredentials("ana", Guest.Password);
        Assert.Equal("wrong_origin", (await stranger.RefusedAsync(HttpMethod.Post, path, body, ("Origin", "http://evil.example"))).Code);
    }

    [Fact]
    public async Task Reading_needs_no_origin_because_its_answer_is_not_readable_elsewhere()
    {
        var ana = await server.SomebodyAsync();
        using var response = await ana.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("v1", "Origin", "http://evil.example", 403)]
    [InlineData("v1", "Origin", "null", 403)]
    [InlineData("v1", "Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("v1", "Origin", "http://{host}", 101)]
    [InlineData("original", "Origin", "http://evil.example", 403)]
    [InlineData("original", "Origin", "null", 403)]
    [InlineData("original", "Sec-Fetch-Site", "same-site", 403)]
    [InlineData("original", "Origin", "http://{host}", 101)]
    public async Task Both_sockets_open_to_the_servers_own_page_only(string door, string header, string value, int status)
    {
        var ana = await server.SomebodyAsync();
        using var response = await ana.SendAsync(
            HttpMethod.Get, door == "v1" ? "/api/v1/socket" : $"/api/ws/{ana.Id}", null,
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), (header, Of(value)));
        Assert.Equal(status, (int)response.StatusCode);
    }

    string Of(string origin) => origin.Replace("{host}", Host, StringComparison.Ordinal);

    (string, string)[] Header(string name, string? value) => value is null ? [] : [(name, Of(value))];
}

/// <summary>With <c>PUBLIC_URL</c>: one origin, one host, and cookies for https only.</summary>
public sealed class PublicUrlTests : IAsyncLifetime
{
    const string Public = "https://chat.example";
    readonly ChatServer _server = new(options => options with { PublicUrl = new Uri(Public + "/"), DrainSeconds = 10 });

    public ValueTask InitializeAsync() => _server.InitializeAsync();
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("https://chat.example", 201)]
    [InlineData(null, 201)]
    [InlineData("http://chat.example", 403)]
    [InlineData("https://chat.example:8443", 403)]
    [InlineData("https://sub.chat.example", 403)]
    [InlineData("https://chat.example.evil.example", 403)]
    [InlineData("null", 403)]
    public async Task PUBLIC_URL_fixes_the_origin(string? origin, int status)
    {
        using var response = await SignUpAsync("chat.example", origin);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("chat.example", 201)]
    [InlineData("CHAT.example", 201)]
    [InlineData("evil.example", 421)]
    [InlineData("127.0.0.1", 421)]
    public async Task PUBLIC_URL_fixes_the_host(string host, int status)
    {
        using var response = await SignUpAsync(host, null);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task PUBLIC_URL_with_https_makes_cookies_secure()
    {
        using var response = await SignUpAsync("chat.example", Public);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-olha_session=", cookie, StringComparison.Ordinal);
        foreach (var flag in (string[])["; path=/;", "; secure;", "; samesite=lax;", "; httponly"])
            Assert.Contains(flag, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("__Host-olha_session", 200)]
    [InlineData("olha_session", 401)]
    [InlineData("__Secure-olha_session", 401)]
    public async Task With_https_only_the_cookie_that_nobody_else_can_set_is_looked_at(string name, int status)
    {
        using var signedUp = await SignUpAsync("chat.example", Public);
        var token = signedUp.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1];
        using var stranger = _server.Stranger();
        using var me = await stranger.SendAsync(HttpMethod.Get, "/api/v1/me", null, ("Host", "chat.example"), ("Cookie", $"{name}={token}"));
        using var socket = await UpgradeAsync("/api/v1/socket", Public, ("Cookie", $"{name}={token}"));

        Assert.Equal(status, (int)me.StatusCode);
        Assert.Equal(status == 200 ? 101 : 401, (int)socket.StatusCode);
    }

    [Theory]
    [InlineData("https://chat.example", null, 101)]
    [InlineData("https://chat.example", "same-origin", 101)]
    [InlineData("https://chat.example", "same-site", 403)]
    [InlineData("https://chat.example", "cross-site", 403)]
    [InlineData(null, null, 101)] // no browser
    [InlineData("http://chat.example", null, 403)]
    [InlineData("https://chat.example:8443", null, 403)]
    [InlineData("https://sub.chat.example", null, 403)]
    [InlineData("https://evil.example", null, 403)]
    [InlineData("null", null, 403)]
    public async Task PUBLIC_URL_fixes_the_origin_of_both_sockets(string? origin, string? site, int status)
    {
        using var stranger = _server.Stranger();
        using var signedUp = await stranger.SendAsync(
            HttpMethod.Post, "/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password, Bearer: true), ("Host", "chat.example"));
        var session = JsonSerializer.Deserialize(await signedUp.Content.ReadAsStringAsync(Ct), ProtocolJson.Wire.SessionAnswer)!;
        foreach (var path in (string[])["/api/v1/socket", $"/api/ws/{session.Me.Id}"])
        {
            using var socket = await UpgradeAsync(path, origin, [("Authorization", $"Bearer {session.Token}"), .. site is null ? [] : (ReadOnlySpan<(string, string)>)[("Sec-Fetch-Site", site)]]);
            Assert.Equal(status, (int)socket.StatusCode);
        }
    }

    [Theory]
    [InlineData("http://192.168.1.7:8080", "192.168.1.7:8080")]
    [InlineData("http://[::1]:8080", "[::1]:8080")]
    [InlineData("https://conversa.são.example", "conversa.xn--so-sia.example")]
    [InlineData("http://chat.example:80", "chat.example")]
    public void An_address_is_compared_as_browsers_write_it(string url, string authority) =>
        Assert.Equal(authority, Olha.Server.Http.PublicAddress.AuthorityOf(new Uri(url)));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    async Task<HttpResponseMessage> UpgradeAsync(string path, string? origin, params (string, string)[] headers)
    {
        using var stranger = _server.Stranger();
        return await stranger.SendAsync(HttpMethod.Get, path, null,
        [
            ("Host", "chat.example"), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), .. headers, .. origin is null ? [] : (ReadOnlySpan<(string, string)>)[("Origin", origin)],
        ]);
    }

    async Task<HttpResponseMessage> SignUpAsync(string host, string? origin)
    {
        using var stranger = _server.Stranger();
        (string, string)[] headers = origin is null ? [("Host", host)] : [("Host", host), ("Origin", origin)];
        return await stranger.SendAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password), headers);
    }
}
