using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Olha.Protocol;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>The program behind the proxies whose configuration we ship, as deploy/ has it.</summary>
[Trait(ChatServer.Inside, "")]
public sealed class ShippedProxyTests : IAsyncLifetime
{
    static readonly Uri s_public = new("https://chat.example.org");

    readonly int _port = Ports.Free();
    TestDatabase? _database;
    SecureServer? _server;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _server = await SecureServer.StartAsync(_database, _port, static options => options with
        {
            PublicUrl = s_public,
            TrustedProxies = [IPNetwork.Parse("127.0.0.1/32")],
            LoginsPerMinute = 1,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task A_browser_comes_in_and_stays(string name)
    {
        await using var proxy = await ShippedProxy.StartAsync(name, _port);
        using var visitor = new Visitor(proxy.Port, proxy.RootPem, s_public);
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var about = await visitor.GetAsync("/api/v1/about", version);
            Assert.Equal(HttpStatusCode.OK, about.StatusCode);
            Assert.Equal("max-age=31536000", Assert.Single(about.Headers.GetValues("Strict-Transport-Security")));
        }
        var me = await visitor.SignUpAsync();
        using var socket = await visitor.ListenAsync(me.Token!, HttpVersion.Version11);
        await Visitor.AskAsync(socket, """{"type":"hello"}""", "welcome");
        var plain = await Visitor.RawAsync(proxy.PlainPort, "GET /rooms/1?a=b HTTP/1.1\r\nHost: chat.example.org\r\nConnection: close\r\n\r\n", tls: false);
        Assert.StartsWith("HTTP/1.1 308 ", plain, StringComparison.Ordinal);
        Assert.Contains("Location: https://chat.example.org/rooms/1?a=b", plain, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task Limits_count_the_clients_address_whatever_it_writes(string name)
    {
        await using var proxy = await ShippedProxy.StartAsync(name, _port);

        Assert.Equal(401, await SignInAsync(proxy, "127.0.0.2", "198.51.100.1"));
        Assert.Equal(429, await SignInAsync(proxy, "127.0.0.2", "198.51.100.2"));
        Assert.Equal(401, await SignInAsync(proxy, "127.0.0.3", "198.51.100.1"));
    }

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task How_big_a_body_may_be_is_the_programs_to_say(string name)
    {
        await using var proxy = await ShippedProxy.StartAsync(name, _port);
        using var visitor = new Visitor(proxy.Port, proxy.RootPem, s_public);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(s_public, "/api/v1/sessions")) { Content = new ByteArrayContent(new byte[3 << 20]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await visitor.SendAsync(request);
        Assert.Equal("too_big", (await answer.ProblemAsync()).Code);
    }

    static async Task<int> SignInAsync(ShippedProxy proxy, string from, string claimed)
    {
        using var visitor = new Visitor(proxy.Port, proxy.RootPem, s_public, from);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(s_public, "/api/v1/sessions"))
        {
            Content = JsonContent.Create(new SignInBody(ChatServer.NewName(), "guessed wrong"), ProtocolJson.Wire.SignInBody),
            Headers = { { "X-Forwarded-For", claimed }, { "X-Forwarded-Host", "evil.example" } },
        };
        using var answer = await visitor.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
