using System.Diagnostics;
using System.Threading.Channels;
using Olha.Protocol;

namespace Olha.Server.Tests.Cluster;

/// <summary>Who is here is the same at every node, whatever happens to one of them or to Redis.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class PresenceAcrossTests : IAsyncLifetime
{
    static readonly TimeSpan s_afterDeath = TimeSpan.FromSeconds(20);

    Nodes _nodes = null!;
    Guest _ana = null!, _bruno = null!;

    public async ValueTask InitializeAsync()
    {
        _nodes = await Nodes.StartAsync();
        (_ana, _bruno) = (await _nodes.SignUpAsync(), await _nodes.SignUpAsync("bruno"));
    }

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Who_comes_turns_away_types_and_goes_at_one_node_does_so_at_the_other()
    {
        await using var ear = await _ana.ListenAsync();
        var far = await _nodes.At(1, _bruno).ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(_bruno.Id));
        Assert.Equal(PresenceState.Online, (await StateAsync()).State);

        await far.SendAsync(new Typing(1));
        Assert.Equal(_bruno.Id, (await ear.NextAsync<SomebodyTyping>()).UserId);

        await far.SendAsync(new Attention(false));
        await ear.NextAsync<PresenceChange>(it => it.Away.Contains(_bruno.Id));
        Assert.Equal(PresenceState.Away, (await StateAsync()).State);

        var before = DateTimeOffset.UtcNow;
        await far.DisposeAsync();
        await ear.NextAsync<PresenceChange>(it => it.Offline.Contains(_bruno.Id));
        var seen = await StateAsync();
        Assert.Equal(PresenceState.Offline, seen.State);
        Assert.InRange(seen.LastSeenAt!.Value, before - s_afterDeath, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Who_was_at_a_node_that_was_killed_is_gone_in_time_at_both_doors()
    {
        await using var program = _nodes.StartProgram();
        using var there = new Guest(await program.Address, _bruno.Me, _bruno.Token!);
        await using var ear = await _ana.ListenAsync();
        await using var old = await RawSocket.OriginalAsync(_nodes.Address(0), _ana);
        var notices = NoticesOf(old);
        await ToldAsync(notices, $"{_ana.Username} connected.");
        await using var far = await there.ListenAsync();
        await using var farOld = await RawSocket.OriginalAsync(there.Address, there);
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(_bruno.Id));
        await ToldAsync(notices, $"{_bruno.Username} connected.");

        await program.KillAsync();
        var (at, died) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());

        await ear.NextAsync<PresenceChange>(it => it.Offline.Contains(_bruno.Id));
        var presence = Stopwatch.GetElapsedTime(died);
        await ToldAsync(notices, $"{_bruno.Username} disconnected.");
        var notice = Stopwatch.GetElapsedTime(died);
        TestContext.Current.SendDiagnosticMessage($"after kill -9: offline after {presence.TotalSeconds:0.0} s, notice after {notice.TotalSeconds:0.0} s");
        Assert.InRange(presence, TimeSpan.FromSeconds(5), s_afterDeath);
        Assert.InRange(notice, TimeSpan.Zero, s_afterDeath);
        var seen = await StateAsync();
        Assert.Equal(PresenceState.Offline, seen.State);
        Assert.InRange(seen.LastSeenAt!.Value, at - s_afterDeath, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task A_Redis_that_forgets_everything_makes_nobody_go()
    {
        await using var ear = await _ana.ListenAsync();
        await using var old = await RawSocket.OriginalAsync(_nodes.Address(0), _ana);
        var notices = NoticesOf(old);
        await ToldAsync(notices, $"{_ana.Username} connected.");
        await using var far = await _nodes.At(1, _bruno).ListenAsync();
        await using var farOld = await RawSocket.OriginalAsync(_nodes.Address(1), _bruno);
        _ = NoticesOf(farOld);
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(_bruno.Id));
        await ToldAsync(notices, $"{_bruno.Username} connected.");

        for (var i = 0; i < 3; i++)
        {
            if (i < 2) Assert.Equal("+OK", await _nodes.Redis.CommandAsync("FLUSHALL"));
            else
            {
                await _nodes.PartAsync();
                await _nodes.Redis.StartAsync();
                await _nodes.HearAsync();
            }
            // Somebody who comes after that and goes again: all that was to be noticed was.
            var carla = await _nodes.SignUpAsync("carla");
            var came = await RawSocket.OriginalAsync(_nodes.Address(1), carla);
            var listens = await _nodes.At(1, carla).ListenAsync();
            await ear.NextAsync<PresenceChange>(it => it.Online.Contains(carla.Id));
            await ToldAsync(notices, $"{carla.Username} connected.");
            await listens.DisposeAsync();
            await came.DisposeAsync();
            await ear.NextAsync<PresenceChange>(it => it.Offline.Contains(carla.Id));
            await ToldAsync(notices, $"{carla.Username} disconnected.");
        }

        Assert.DoesNotContain(await ear.AllAsync<PresenceChange>(_ana), it => it.Offline.Contains(_bruno.Id));
        Assert.Equal(PresenceState.Online, (await StateAsync()).State);
    }

    [Fact]
    public async Task Without_Redis_each_node_knows_its_own_and_with_it_again_everybody()
    {
        await using var ear = await _ana.ListenAsync();
        await _nodes.PartAsync();
        var carla = await _nodes.SignUpAsync("carla");
        await using var near = await carla.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(carla.Id));
        await using var far = await _nodes.At(1, _bruno).ListenAsync();

        await _nodes.Redis.StartAsync();

        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(_bruno.Id));
    }

    Task<PersonPresence> StateAsync() => _ana.GetAsync<PersonPresence>($"/api/v1/people/{_bruno.Id}/presence");

    // Heard all the time: who answers no ping is taken for gone.
    static ChannelReader<string> NoticesOf(RawSocket socket)
    {
        var notices = Channel.CreateUnbounded<string>();
        _ = HearAsync();
        return notices.Reader;

        async Task HearAsync()
        {
            try
            {
                while (await socket.HearAsync("Notification") is var frame) notices.Writer.TryWrite(frame.GetProperty("content").GetString()!);
            }
            catch (Exception cause)
            {
                notices.Writer.Complete(cause);
            }
        }
    }

    // Nobody disconnects but who is said to.
    static async Task ToldAsync(ChannelReader<string> notices, string says)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (await notices.ReadAsync(patience.Token) is var said && said != says) Assert.DoesNotContain("disconnected", said);
    }
}
