using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Cluster;
using Olha.Server.Configuration;
using Olha.Server.Live;
using Olha.Testing;

namespace Olha.Server.Tests.Cluster;

/// <summary>Whatever Redis does, what was posted is heard, and nothing waits for it.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class RedisFaultTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_Redis_hangs_everything_is_acknowledged_and_heard()
    {
        await using var nodes = await Nodes.StartAsync();
        var ana = await nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await nodes.At(1, ana).ListenAsync();

        nodes.Redis.Signal("STOP");
        for (var i = 0; i < 20; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await ana.SayAsync(room.RoomId, $"hung {i}");
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1.5)); // Redis would be waited for 2 s
        }
        for (var i = 0; i < 20; i++) await far.NextAsync<MessageChange>(it => it.Message.Body == $"hung {i}");
        await nodes.HearAsync(live: false);
        await ana.SayAsync(room.RoomId, "deaf");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "deaf");

        nodes.Redis.Signal("CONT");
        await nodes.HearAsync();
        await ana.SayAsync(room.RoomId, "well");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "well");
    }

    // What is read behind a gap comes in the order of its last changes: an edited message came behind those that were said after it.
    [Fact]
    public async Task At_the_originals_door_what_was_edited_meanwhile_keeps_its_place()
    {
        await using var nodes = await Nodes.StartAsync();
        var ana = await nodes.SignUpAsync();
        await using var far = await RawSocket.OriginalAsync(nodes.Address(1), nodes.At(1, await nodes.SignUpAsync("bruno")));
        var general = (await ana.GetAsync<Welcome>("/api/v1/state")).Rooms[0].RoomId;

        nodes.Redis.Signal("STOP");
        var first = await ana.SayAsync(general, "first");
        await ana.SayAsync(general, "second");
        await ana.SayAsync(general, "third");
        await ana.EditAsync(general, first.Seq, "first, in other words");

        foreach (var said in (string[])["first", "second", "third"])
            Assert.StartsWith(said, (await far.HearAsync("Chat")).GetProperty("content").GetString(), StringComparison.Ordinal);
        nodes.Redis.Signal("CONT");
    }

    [Fact]
    public async Task What_nobody_announced_is_heard_on_a_node_that_knows_of_no_Redis()
    {
        // As a commit whose answer was lost: it is in the database, and this node was not told.
        await using var nodes = await Nodes.StartAsync(count: 0);
        await nodes.AddAsync(alone: true);
        await nodes.AddAsync(alone: true);
        var ana = await nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await nodes.At(1, ana).ListenAsync();

        Assert.NotEqual(0, await NotifyTests.EndNoticesAsync(nodes.Get<ServerOptions>(0).DatabaseUrl!));
        await ana.SayAsync(room.RoomId, "untold");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "untold");
    }

    [Fact]
    public async Task Heads_may_be_asked_for_once_more_by_a_node_that_has_ended()
    {
        var nodes = await Nodes.StartAsync(count: 1);
        var watch = nodes.Get<HeadsWatch>(0);
        await nodes.DisposeAsync();

        watch.Wake(); // the backplane ends last, and says then that it hears nobody; a drain that took too long ended with 134
    }

    [Fact]
    public async Task A_subscription_that_is_dead_without_a_sign_is_noticed_and_built_anew()
    {
        await using var nodes = await Nodes.StartAsync(cabled: true);
        var ana = await nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await nodes.At(1, ana).ListenAsync();

        Assert.Equal(2, nodes.Cable.Silence("SUBSCRIBE"));
        await ana.SayAsync(room.RoomId, "silence");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "silence");
        await nodes.HearAsync(live: false);
        await nodes.HearAsync();

        var (taken, _) = nodes.Get<RedisBackplane>(1).Counts;
        await ana.SayAsync(room.RoomId, "anew");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "anew");
        await UntilAsync(() => nodes.Get<RedisBackplane>(1).Counts.Taken > taken);
    }

    [Fact]
    public async Task A_node_that_starts_while_Redis_is_away_joins_when_it_comes()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await redis.KillAsync();
        await using var node = Backplane(redis);
        node.Start(static _ => true, static _ => { });
        await Task.WhenAny(ChangeOf(node), Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken));
        Assert.Equal(Hearing.Deaf, node.Hearing);

        await redis.StartAsync();

        await UntilAsync(() => node.Hearing is Hearing.Live);
    }

    [Fact]
    public async Task A_Redis_that_hung_until_it_was_given_up_is_heard_again()
    {
        await using var redis = await RedisServer.StartNewAsync();
        var log = new Lines();
        await using var node = new RedisBackplane(RedisUrl.Parse(redis.Url), "epoch", TimeProvider.System, log);
        node.Start(static _ => true, static _ => { });
        await UntilAsync(() => node.Hearing is Hearing.Live);

        redis.Signal("STOP");
        await UntilAsync(() => log.Said.Any(it => it.Contains("it is built anew", StringComparison.Ordinal)));
        await UntilAsync(() => log.Said.Any(it => it.Contains("could not be built", StringComparison.Ordinal)));
        Assert.Equal(Hearing.Deaf, node.Hearing);
        redis.Signal("CONT");

        await UntilAsync(() => node.Hearing is Hearing.Live);
    }

    sealed class Lines : ILogger<RedisBackplane>
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception));
    }

    [Fact]
    public async Task Hints_for_a_Redis_that_hangs_neither_wait_nor_pile_up()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var here = Backplane(redis);
        await using var there = Backplane(redis);
        var heard = 0L;
        here.Start(static _ => true, static _ => { });
        there.Start(static _ => true, it => Interlocked.Exchange(ref heard, ((Signal.Say)it).Frame.Rev));
        await UntilAsync(() => here.Hearing is Hearing.Live && there.Hearing is Hearing.Live);
        var big = new byte[64 * 1024];
        Array.Fill(big, (byte)'a');

        redis.Signal("STOP");
        var longest = TimeSpan.Zero;
        for (var rev = 1; rev <= 2_000; rev++)
        {
            var hint = new Signal.Say(Frame.Text(big, Topics.Room(1), rev));
            var began = Stopwatch.GetTimestamp();
            here.Publish(hint);
            if (Stopwatch.GetElapsedTime(began) is var took && took > longest) longest = took;
        }
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(1.5)); // Redis would be waited for 2 s
        Assert.InRange(here.Untold, 1_000, 2_000);

        redis.Signal("CONT");
        await UntilAsync(() => here.Hearing is Hearing.Live && there.Hearing is Hearing.Live);
        await UntilAsync(() =>
        {
            here.Publish(new Signal.Say(Frame.Text("a"u8, Topics.Room(1), 9_999)));
            return Interlocked.Read(ref heard) == 9_999;
        });
    }

    [Fact]
    public async Task Only_what_concerns_somebody_here_is_received_and_nothing_that_has_no_order()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using var here = Backplane(redis);
        await using var there = Backplane(redis);
        var (own, heard) = (new List<Signal>(), new List<Signal>());
        here.Start(static _ => true, own.Add);
        there.Start(static it => it != Topics.Room(16), heard.Add); // one channel carries them both
        await UntilAsync(() => here.Hearing is Hearing.Live && there.Hearing is Hearing.Live);
        Signal[] said =
        [
            new Signal.Follow(Topics.Person(3), Topics.Room(32), 1), new Signal.Say(Frame.Text("a"u8, Topics.Room(16), 1)),
            new Signal.Unfollow(Topics.Person(3), Topics.Room(32), 2), new Signal.Say(Frame.Text("b"u8, Topics.Room(32), 1)),
        ];

        foreach (var signal in said) here.Publish(signal);
        await UntilAsync(() => there.Counts.Taken == 1);

        Assert.Equal(said, own);
        Assert.Equal(Topics.Room(32), Assert.IsType<Signal.Say>(Assert.Single(heard)).Frame.Topic);
        Assert.Equal((1, 1), there.Counts);
    }

    static RedisBackplane Backplane(RedisServer redis) =>
        new(RedisUrl.Parse(redis.Url), "epoch", TimeProvider.System, NullLogger<RedisBackplane>.Instance);

    static Task ChangeOf(RedisBackplane backplane)
    {
        var changed = new TaskCompletionSource();
        backplane.HearingChanged += () => changed.TrySetResult();
        return changed.Task;
    }

    static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!isSo()) await Task.Delay(20, patience.Token);
    }
}
