using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Olha.Fanout;
using Olha.Server.Cluster;
using Olha.Server.Configuration;
using Olha.Server.Live;
using Olha.Testing;

namespace Olha.Server.Tests.Cluster;

/// <summary>What processes on one PostgreSQL tell each other without a Redis.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class NotifyTests : IAsyncLifetime
{
    const string Epoch = "0123456789abcdef0123456789abcdef";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly List<NotifyBackplane> _started = [];
    TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.OnPostgresAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var backplane in _started) await backplane.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Others_are_told_how_far_streams_have_come_and_what_is_in_none_as_it_is()
    {
        var (own, heard) = (new ConcurrentQueue<Signal>(), new ConcurrentQueue<Signal>());
        var here = await StartAsync(own.Enqueue);
        var there = await StartAsync(heard.Enqueue, isWanted: static it => it != Topics.Room(1));
        var typing = Frame.Text("typing"u8, Topics.Room(2)) with { Ephemeral = true };
        Signal[] said =
        [
            new Signal.Follow(Topics.Person(3), Topics.Room(2), 1), new Signal.Say(Frame.Text("a"u8, Topics.Room(1), 1)), new Signal.Say(typing),
            new Signal.SayAll([Frame.Text("b"u8, Topics.Room(2), 4), Frame.Text("c"u8, Topics.Room(2), 5)]), new Signal.Cut(Topics.Sockets(3), 9, 4401),
        ];

        foreach (var signal in said) here.Publish(signal);
        await UntilAsync(() => heard.Count == 3 && there.Counts == (3, 1));

        Assert.Equal(said, own);
        Assert.Equal(5, Assert.Single(heard.OfType<Signal.Heads>().SelectMany(it => it.Streams), it => it.Topic == Topics.Room(2)).Head);
        Assert.Equal(typing.Payload.ToArray(), Assert.Single(heard.OfType<Signal.Say>()).Frame.Payload.ToArray());
        Assert.Equal(said[^1], Assert.Single(heard.OfType<Signal.Cut>()));
        Assert.Equal((0, 0), here.Counts);
    }

    [Fact]
    public async Task Thousands_of_streams_that_move_at_once_are_all_told()
    {
        var heard = new ConcurrentDictionary<TopicId, long>();
        var here = await StartAsync();
        await StartAsync(signal =>
        {
            if (signal is not Signal.Heads heads) return;
            foreach (var (topic, head) in heads.Streams) heard[topic] = head;
        });

        for (var room = 1; room <= 5_000; room++) here.Publish(new Signal.Say(Frame.Text("a"u8, Topics.Room(room), room)));

        await UntilAsync(() => heard.Count == 5_000);
        Assert.All(heard, static it => Assert.Equal(it.Key.Id, it.Value));
    }

    [Fact]
    public async Task All_that_was_used_up_of_limits_is_told()
    {
        var heard = new ConcurrentQueue<Signal.Spent>();
        var own = new ConcurrentQueue<Signal>();
        var here = await StartAsync(own.Enqueue);
        await StartAsync(it => heard.Enqueue((Signal.Spent)it));
        var spendings = Enumerable.Range(1, 5_000).Select(static it => new Spending(1, it, 2)).ToArray();

        here.Publish(new Signal.Spent(spendings));
        await UntilAsync(() => heard.Sum(static it => it.Spendings.Count) == 5_000);

        Assert.Equal(spendings, heard.SelectMany(static it => it.Spendings));
        Assert.NotEqual(0, Assert.Single(heard.Select(static it => it.Node).Distinct()));
        Assert.Empty(own);
    }

    [Fact]
    public async Task Connections_that_are_ended_leave_a_node_deaf_until_they_are_built_anew()
    {
        var heard = 0L;
        var here = await StartAsync();
        var there = await StartAsync(it => Interlocked.Exchange(ref heard, Assert.Single(((Signal.Heads)it).Streams).Head));
        var changes = new ConcurrentQueue<Hearing>();
        there.HearingChanged += () => changes.Enqueue(there.Hearing);

        Assert.InRange(await EndNoticesAsync(Url), 2, 4);
        await UntilAsync(() => changes.Contains(Hearing.Deaf) && there.Hearing is Hearing.Live && here.Hearing is Hearing.Live);
        here.Publish(new Signal.Say(Frame.Text("a"u8, Topics.Room(1), 7)));

        await UntilAsync(() => Interlocked.Read(ref heard) == 7);
    }

    [Fact]
    public async Task Those_of_another_epoch_are_not_heard()
    {
        var heard = new ConcurrentQueue<Signal>();
        var here = await StartAsync();
        await StartAsync(heard.Enqueue, epoch: new string('f', 32));
        var same = await StartAsync();

        here.Publish(new Signal.Say(Frame.Text("a"u8, Topics.Room(1), 1)));
        await here.KeepAsync("presence", 1, TimeSpan.FromSeconds(15));
        await UntilAsync(() => same.Counts.Taken == 1);

        Assert.Empty(heard);
    }

    [Fact]
    public async Task Who_is_kept_anywhere_is_seen_everywhere_also_by_who_comes_later()
    {
        var here = await StartAsync();
        var there = await StartAsync();
        await here.KeepAsync("presence", 1, TimeSpan.FromSeconds(45));
        await there.KeepAsync("presence", 2, TimeSpan.FromSeconds(45));
        await UntilAsync(async () => await MembersAsync(here) is [1, 2] && await MembersAsync(there) is [1, 2]);

        var late = await StartAsync();
        await UntilAsync(async () => await MembersAsync(late) is [1, 2]);

        await here.KeepAsync("presence", 1, TimeSpan.Zero);
        await UntilAsync(async () => await MembersAsync(there) is [2] && await MembersAsync(late) is [2]);
    }

    [Fact]
    public async Task What_is_said_last_is_told_before_a_node_ends()
    {
        var heard = new ConcurrentQueue<Signal>();
        var here = await StartAsync();
        await StartAsync(heard.Enqueue);

        for (var i = 1; i <= 20; i++) here.Publish(new Signal.Cut(Topics.Sockets(3), i, 4401));
        await here.DisposeAsync();

        await UntilAsync(() => heard.Count == 20);
    }

    /// <summary>Ends all connections over which nodes on a database hear and call each other; answers how many there were.</summary>
    internal static async Task<long> EndNoticesAsync(string databaseUrl)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Settings(new Uri(databaseUrl)));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var end = new NpgsqlCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'olha-notices'", connection);
        return (long)(await end.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    string Url => _database.Apply(new ServerOptions()).DatabaseUrl!;

    async Task<NotifyBackplane> StartAsync(Action<Signal>? receive = null, Func<TopicId, bool>? isWanted = null, string epoch = Epoch)
    {
        var backplane = new NotifyBackplane(Url, epoch, TimeProvider.System, NullLogger<NotifyBackplane>.Instance);
        _started.Add(backplane);
        backplane.Start(isWanted ?? (static _ => true), receive ?? (static _ => { }));
        await UntilAsync(() => backplane.Hearing is Hearing.Live);
        return backplane;
    }

    static async Task<List<long>> MembersAsync(NotifyBackplane backplane)
    {
        var members = new List<long>();
        await backplane.MembersAsync("presence", members);
        return [.. members.Distinct().Order()];
    }

    static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!await isSo()) await Task.Delay(20, patience.Token);
    }
}
