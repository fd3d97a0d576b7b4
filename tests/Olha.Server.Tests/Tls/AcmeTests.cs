using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Server.Configuration;
using Olha.Server.Tls;
using Olha.Testing;

namespace Olha.Server.Tests.Tls;

/// <summary>Certificates by ACME over time, against Debian's Pebble: they are renewed, and an authority that says no is left in peace.</summary>
[Trait(ChatServer.Inside, "")]
public sealed partial class AcmeTests : IAsyncLifetime
{
    readonly SettableClock _clock = new();
    readonly int _port = Ports.Free();
    TestDatabase? _database;

    TestDatabase Database => _database!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    [Fact]
    public async Task A_certificate_is_renewed_when_two_thirds_of_its_life_are_over_and_nobody_is_disconnected()
    {
        await using var pebble = await Pebble.StartAsync(_port);
        await using var server = await StartAsync(pebble);
        await server.SaidAsync("is shown");
        using var first = (await Visitor.ShownAsync(_port))!;
        using var visitor = new Visitor(_port, (await pebble.RootAsync())!);
        using var socket = await visitor.ListenAsync((await visitor.SignUpAsync()).Token!, HttpVersion.Version11);
        await Visitor.AskAsync(socket, """{"type":"hello"}""", "welcome");

        var life = first.NotAfter - first.NotBefore;
        _clock.Forward(life * 0.66);
        await TwoLooksAsync(server);
        Assert.Equal(1, pebble.Signed);
        _clock.Forward(life * 0.05);
        await server.SaidAsync("is shown", times: 2);

        using var second = (await Visitor.ShownAsync(_port))!;
        Assert.NotEqual(first.SerialNumber, second.SerialNumber);
        Assert.Equal(WebSocketState.Open, socket.State);
        await Visitor.AskAsync(socket, """{"type":"nonsense"}""", "refused");
    }

    [Fact]
    public async Task Refused_nonces_are_replaced()
    {
        await using var pebble = await Pebble.StartAsync(_port, "PEBBLE_WFE_NONCEREJECT=60");
        await using var server = await StartAsync(pebble);
        await server.SaidAsync("is shown");
        Assert.Contains("Configured to reject 60% of good nonces", pebble.Said, StringComparison.Ordinal); // of more than ten
    }

    [Fact]
    public async Task While_the_authority_does_not_find_us_it_is_asked_more_and_more_seldom()
    {
        await using var pebble = await Pebble.StartAsync(tlsPort: Ports.Free());
        await using var server = await StartAsync(pebble);
        await server.SaidAsync("the authority looked for us at port 443 of chat.example");

        Assert.Null(await Visitor.ShownAsync(_port)); // rather nothing than a certificate that nobody signed
        var ready = await Visitor.RawAsync(_port, "GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", tls: false);
        Assert.StartsWith("HTTP/1.1 503", ready, StringComparison.Ordinal);
        Assert.Contains("no certificate yet: the authority looked for us", ready, StringComparison.Ordinal);

        foreach (var minutes in (int[])[1, 5, 20, 60])
        {
            var before = Attempts(server);
            _clock.Forward(TimeSpan.FromMinutes(minutes * 0.5));
            await TwoLooksAsync(server);
            Assert.Equal(before, Attempts(server));
            _clock.Forward(TimeSpan.FromMinutes(minutes * 0.7));
            await server.SaidAsync("No certificate", times: before + 1);
        }
    }

    [Fact]
    public async Task An_authority_that_says_when_to_come_back_is_not_asked_before()
    {
        await using var busy = await BusyAuthority.StartAsync(comeBackAfter: TimeSpan.FromHours(2));
        await using var server = await SecureServer.StartAsync(Database, _port, options => With(options, busy.Directory, busy.Roots), _clock);
        await server.SaidAsync("No certificate for chat.example was got: 127.0.0.1 answers 429");

        _clock.Forward(TimeSpan.FromMinutes(115)); // by itself it would have asked after one
        await TwoLooksAsync(server);
        Assert.Equal(1, Attempts(server));
        _clock.Forward(TimeSpan.FromMinutes(20)); // it comes up to a tenth later
        await server.SaidAsync("No certificate", times: 2);
    }

    [Fact]
    public async Task An_attempt_that_was_interrupted_is_not_repeated_at_once()
    {
        await using var pebble = await Pebble.StartAsync(_port, "PEBBLE_VA_NOSLEEP= PEBBLE_VA_SLEEPTIME=5");
        await using (var killed = await StartAsync(pebble)) await SecureServer.UntilAsync(
            async () => (await killed.Get<CertificateStore>().FindAsync(TestContext.Current.CancellationToken)).Challenge is not null, () => pebble.Said);

        await using var server = await StartAsync(pebble);
        await TwoLooksAsync(server);
        Assert.DoesNotContain(server.Said, static line => line.Contains("Asking", StringComparison.Ordinal));
        Assert.Equal("no certificate yet: the attempt was interrupted", server.Get<Certificates>().WhyNotReady());
        _clock.Forward(TimeSpan.FromMinutes(1.1));
        await server.SaidAsync("is shown");
    }

    [Fact]
    public async Task A_directory_that_is_none_is_said_to_be_none()
    {
        await using var pebble = await Pebble.StartAsync(_port);
        await using (var wrong = await StartAsync(pebble, options => options with { AcmeDirectory = new Uri(pebble.Directory, "/nowhere") }))
            await wrong.SaidAsync("127.0.0.1 answers 404");
        await using (var strange = await StartAsync(pebble, options => options with { AcmeRoots = null }))
            await strange.SaidAsync("No certificate for chat.example was got: The remote certificate is invalid");
        await using var nobody = await StartAsync(pebble, static options => options with { AcmeDirectory = new Uri($"https://127.0.0.1:{Ports.Free()}/dir") });
        await nobody.SaidAsync("No certificate for chat.example was got: Connection refused");
    }

    [Fact]
    public async Task Two_nodes_ask_once_and_show_the_same()
    {
        Assert.SkipUnless(TestDatabase.HasPostgres, "There is no PostgreSQL for tests; script/test starts one.");
        await using var shared = await TestDatabase.OnPostgresAsync();
        var other = Ports.Free();
        await using var pebble = await Pebble.StartAsync(tlsPort: other);
        await PauseAsync(With(shared.Apply(new ServerOptions { Port = _port }), pebble), TimeSpan.FromHours(1));
        await using var one = await SecureServer.StartAsync(shared, _port, options => With(options, pebble), _clock);
        await using var two = await SecureServer.StartAsync(shared, other, options => With(options, pebble), new SettableClock());
        _clock.Forward(TimeSpan.FromHours(2)); // so that one asks, and the authority comes to the other
        await one.SaidAsync("is shown");
        await two.SaidAsync("is shown");

        using var shownByOne = (await Visitor.ShownAsync(_port))!;
        using var shownByTwo = (await Visitor.ShownAsync(other))!;
        Assert.Equal((shownByOne.SerialNumber, 1), (shownByTwo.SerialNumber, pebble.Signed));
    }

    static async Task PauseAsync(ServerOptions options, TimeSpan pause)
    {
        await using var database = await ChatHost.OpenDatabaseAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        await new CertificateStore(options, database).BeginAsync(DateTimeOffset.UtcNow + pause, "not yet", TestContext.Current.CancellationToken);
    }

    Task<SecureServer> StartAsync(Pebble pebble, Func<ServerOptions, ServerOptions>? with = null) =>
        SecureServer.StartAsync(Database, _port, options => (with ?? (static it => it))(With(options, pebble)), _clock);

    static ServerOptions With(ServerOptions options, Pebble pebble) => With(options, pebble.Directory, pebble.Roots);

    static ServerOptions With(ServerOptions options, Uri directory, string roots) => options with
    {
        PublicUrl = new Uri($"https://chat.example:{options.Port}"),
        AcmeDirectory = directory,
        AcmeRoots = roots,
    };

    // It looks again after its clock was put forward: when that has happened twice, the first has ended.
    async Task TwoLooksAsync(SecureServer server)
    {
        for (var i = 0; i < 2; i++)
        {
            var before = server.Get<Renewal>().Looks;
            _clock.Forward(TimeSpan.FromSeconds(server.Get<Certificates>().Shown is null ? 5 : 60));
            await SecureServer.UntilAsync(() => Task.FromResult(server.Get<Renewal>().Looks > before), static () => "a look");
        }
    }

    static int Attempts(SecureServer server) => server.Said.Count(static line => AskingLine().IsMatch(line));

    [GeneratedRegex("Asking for a certificate")]
    private static partial Regex AskingLine();
}
