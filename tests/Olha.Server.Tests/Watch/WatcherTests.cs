using System.Net;
using Olha.Testing;

namespace Olha.Server.Tests.Watch;

/// <summary>Who may read the metrics.</summary>
public sealed class WatcherTests
{
    static readonly (string, string) s_token = ("Authorization", "Bearer a-long-enough-secret");

    [Theory]
    [InlineData("127.0.0.1", null, null, HttpStatusCode.OK)]
    [InlineData("olha:8080", null, null, HttpStatusCode.OK)]
    [InlineData("192.168.1.5", null, null, HttpStatusCode.OK)]
    [InlineData("[fd00::5]:8080", null, null, HttpStatusCode.OK)]
    [InlineData("chat.example", null, null, HttpStatusCode.NotFound)]
    [InlineData("203.0.113.5", null, null, HttpStatusCode.NotFound)]
    [InlineData("127.0.0.1", "X-Forwarded-For", "203.0.113.5", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.1", "Forwarded", "for=203.0.113.5", HttpStatusCode.NotFound)]
    [InlineData("127.0.0.1", "Via", "1.1 front", HttpStatusCode.NotFound)]
    public async Task Without_a_token_they_are_for_this_machine_and_private_networks(
        string host, string? header, string? value, HttpStatusCode expected)
    {
        await using var server = await ChatServer.StartAsync(static options => options);

        Assert.Equal(expected, await StatusAsync(server.Address, header is null ? [("Host", host)] : [("Host", host), (header, value!)]));
    }

    [Theory]
    [InlineData("203.0.113.5", HttpStatusCode.NotFound)]
    [InlineData("10.1.2.3", HttpStatusCode.OK)]
    public async Task What_a_trusted_proxy_says_of_the_address_counts(string client, HttpStatusCode expected)
    {
        await using var server = await ChatServer.StartAsync(static options => options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });

        Assert.Equal(expected, await StatusAsync(server.Address, ("X-Forwarded-For", client)));
    }

    [Fact]
    public async Task With_a_token_who_shows_it_reads_them_from_anywhere_and_nobody_else_does()
    {
        await using var server = await ChatServer.StartAsync(static options => options with { MetricsToken = "a-long-enough-secret" });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Address, s_token, ("Host", "chat.example"), ("X-Forwarded-For", "203.0.113.5")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server.Address, ("Authorization", "Bearer a-long-enough-secret2")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server.Address, ("Authorization", "Bearer ")));
    }

    [Fact]
    public async Task With_an_address_of_their_own_they_are_found_there_and_nothing_else_is()
    {
        var own = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        await using var server = await ChatServer.StartAsync(options => options with { MetricsBind = own });
        var there = new Uri($"http://{own}");
        using var client = new Client(there);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(there, ("Host", "chat.example")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server.Address));
        foreach (var (path, expected) in (IEnumerable<(string, HttpStatusCode)>)[("/health", HttpStatusCode.OK), ("/ready", HttpStatusCode.OK), ("/api/v1/about", HttpStatusCode.NotFound), ("/", HttpStatusCode.NotFound)])
        {
            using var answer = await client.SendAsync(HttpMethod.Get, path);
            Assert.Equal((path, expected), (path, answer.StatusCode));
        }
    }

    static async Task<HttpStatusCode> StatusAsync(Uri server, params (string, string)[] headers)
    {
        using var client = new Client(server);
        using var answer = await client.SendAsync(HttpMethod.Get, "/metrics", null, headers);
        return answer.StatusCode;
    }
}
