using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Http;

/// <summary>Whose word about a request is taken. Each test knows by the limit of one address which address was counted.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task Without_TRUSTED_PROXIES_nobody_is_believed()
    {
        await using var server = await ChatServer.StartAsync(options => options with { LoginsPerMinute = 1 });
        using var stranger = server.Stranger();

        Assert.Equal("wrong_credentials", await TryAsync(stranger, "203.0.113.1"));
        Assert.Equal("too_fast", await TryAsync(stranger, "203.0.113.2"));
        // Nor about the name under which it was asked, or a page could choose one.
        using var answer = await stranger.SendAsync(HttpMethod.Get, "/api/v1/about", null, ("Host", "evil.example"), ("X-Forwarded-Host", "localhost"));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_trusted_proxy_tells_the_clients_address_and_each_has_a_limit_of_its_own()
    {
        await using var server = await StartAsync("127.0.0.1/32");
        using var stranger = server.Stranger();

        Assert.Equal("wrong_credentials", await TryAsync(stranger, "203.0.113.1"));
        Assert.Equal("wrong_credentials", await TryAsync(stranger, "203.0.113.2"));
        Assert.Equal("too_fast", await TryAsync(stranger, "203.0.113.1"));
        Assert.Equal("wrong_credentials", await TryAsync(stranger, "2001:db8::1"));
    }

    [Fact]
    public async Task What_the_client_wrote_itself_stands_left_of_its_address_and_is_not_believed()
    {
        await using var server = await StartAsync("127.0.0.1/32");
        using var stranger = server.Stranger();

        Assert.Equal("wrong_credentials", await TryAsync(stranger, "198.51.100.1, 203.0.113.1"));
        Assert.Equal("too_fast", await TryAsync(stranger, "198.51.100.2, 203.0.113.1"));
    }

    [Fact]
    public async Task Two_trusted_hops_are_gone_through_and_no_more()
    {
        await using var server = await StartAsync("127.0.0.1/32", "10.0.0.0/8");
        using var stranger = server.Stranger();

        Assert.Equal("wrong_credentials", await TryAsync(stranger, "198.51.100.1, 203.0.113.1, 10.1.2.3"));
        Assert.Equal("too_fast", await TryAsync(stranger, "198.51.100.2, 203.0.113.1, 10.9.9.9"));
        Assert.Equal("wrong_credentials", await TryAsync(stranger, "203.0.113.1, 192.0.2.7, 10.1.2.3")); // 192.0.2.7 is no proxy of ours
    }

    [Fact]
    public async Task A_hop_that_is_not_listed_is_the_client()
    {
        await using var server = await StartAsync("10.0.0.0/8");
        using var stranger = server.Stranger();

        Assert.Equal("wrong_credentials", await TryAsync(stranger, "203.0.113.1"));
        Assert.Equal("too_fast", await TryAsync(stranger, "203.0.113.2")); // it came from 127.0.0.1, which may say nothing
    }

    [Fact]
    public async Task A_trusted_proxy_tells_the_name_that_the_client_asked_for()
    {
        await using var server = await StartAsync("127.0.0.1/32");
        using var stranger = server.Stranger();
        using var known = await stranger.SendAsync(HttpMethod.Get, "/api/v1/about", null,
            ("Host", "olha"), ("X-Forwarded-For", "203.0.113.1"), ("X-Forwarded-Host", "chat.lan"), ("X-Forwarded-Proto", "https"));
        using var foreign = await stranger.SendAsync(HttpMethod.Get, "/api/v1/about", null,
            ("Host", "olha"), ("X-Forwarded-For", "203.0.113.1"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.MisdirectedRequest), (known.StatusCode, foreign.StatusCode));
    }

    static Task<ChatServer> StartAsync(params string[] trusted) => ChatServer.StartAsync(
        options => options with { LoginsPerMinute = 1, TrustedProxies = [.. trusted.Select(IPNetwork.Parse)] });

    static async Task<string> TryAsync(Client client, string forwardedFor) => (await client.RefusedAsync(
        HttpMethod.Post, "/api/v1/sessions", new SignInBody(ChatServer.NewName(), "guessed wrong"), ("X-Forwarded-For", forwardedFor))).Code;
}
