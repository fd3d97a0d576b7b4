using System.Net;
using System.Net.WebSockets;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>Own certificate files: shown, replaced while people are connected, and kept when what replaced them is broken.</summary>
[Trait(ChatServer.Inside, "")]
public sealed class CertificateFileTests : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    readonly TestIssuer _issuer = new();
    readonly SettableClock _clock = new();
    readonly int _port = Ports.Free();
    TestDatabase? _database;
    SecureServer? _server;

    SecureServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        Put(_issuer.For("chat.example"));
        _server = await SecureServer.StartAsync(_database, _port, options => options with
        {
            PublicUrl = new Uri($"https://chat.example:{_port}"),
            TlsCertificate = _folder["chain.pem"],
            TlsKey = _folder["key.pem"],
        }, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _database!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_pair_is_shown_to_who_comes_and_nobody_is_disconnected()
    {
        using var visitor = new Visitor(_port, _issuer.RootPem);
        using var socket = await visitor.ListenAsync((await visitor.SignUpAsync()).Token!, HttpVersion.Version11);
        await Visitor.AskAsync(socket, """{"type":"hello"}""", "welcome");
        using var first = (await Visitor.ShownAsync(_port))!;
        Assert.Equal("CN=chat.example 1", first.Subject);

        Put(_issuer.For("chat.example"));
        await ShowsAsync("CN=chat.example 2");
        using var late = new Visitor(_port, _issuer.RootPem);
        using var about = await late.GetAsync("/api/v1/about"); // the chain is whole
        Assert.Equal((HttpStatusCode.OK, WebSocketState.Open), (about.StatusCode, socket.State));
        await Visitor.AskAsync(socket, """{"type":"nonsense"}""", "refused");
    }

    [Theory]
    [InlineData("a certificate of another key")]
    [InlineData("half a file")]
    [InlineData("nothing")]
    public async Task A_bad_new_pair_leaves_the_old_one_and_is_said_once(string what)
    {
        var (chain, key) = _issuer.For("chat.example");
        Put(what switch
        {
            "half a file" => (chain[..200], key),
            "nothing" => ("", ""),
            _ => (chain, _issuer.For("chat.example").Key),
        });
        await Server.SaidAsync("Warning: The changed certificate or key can't be used, the one before stays");
        using var kept = (await Visitor.ShownAsync(_port))!;
        Assert.Equal("CN=chat.example 1", kept.Subject);

        Put(_issuer.For("chat.example"));
        await Server.SaidAsync("is shown", times: 2);
        using var next = (await Visitor.ShownAsync(_port))!;
        Assert.NotEqual("CN=chat.example 1", next.Subject);
        Assert.Single(Server.Said, static line => line.Contains("the one before stays", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_it_ends_is_said_before_and_after_once_a_day()
    {
        _clock.Forward(TimeSpan.FromDays(27)); // of thirty, and of one that is over
        await Server.SaidAsync("Warning: The certificate expires at");
        _clock.Forward(TimeSpan.FromHours(23));
        // Two looks, each of which finds something else to say.
        var (chain, key) = _issuer.For("chat.example");
        Put((chain[..200], key));
        await Server.SaidAsync("the one before stays");
        Put((chain, _issuer.For("chat.example").Key));
        await Server.SaidAsync("the one before stays", times: 2);
        Assert.Single(Server.Said, static line => line.Contains("expires at", StringComparison.Ordinal));

        _clock.Forward(TimeSpan.FromHours(2));
        await Server.SaidAsync("expires at", times: 2);
        _clock.Forward(TimeSpan.FromDays(3));
        await Server.SaidAsync("Error: The certificate has expired at");
    }

    [Fact]
    public async Task Who_says_nothing_or_half_a_greeting_is_let_go_after_a_while()
    {
        await Task.WhenAll(EndsAsync(""), EndsAsync("\u0016\u0003\u0001"), EndsAsync("\u0016\u0003\u0001\u0001\u0000\u0001"));
        using var shown = await Visitor.ShownAsync(_port);
        Assert.NotNull(shown);

        async Task EndsAsync(string begin)
        {
            try
            {
                Assert.Equal("", await Visitor.RawAsync(_port, begin, tls: false));
            }
            catch (IOException)
            {
                // a reset
            }
        }
    }

    Task ShowsAsync(string subject) => SecureServer.UntilAsync(async () =>
    {
        using var shown = await Visitor.ShownAsync(_port);
        return shown?.Subject == subject;
    }, () => string.Join('\n', Server.Said));

    void Put((string Chain, string Key) pair)
    {
        File.WriteAllText(_folder["key.pem"], pair.Key);
        File.WriteAllText(_folder["chain.pem"], pair.Chain);
    }
}
