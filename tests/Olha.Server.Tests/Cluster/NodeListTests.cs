using System.Diagnostics;
using Olha.Protocol;
using Olha.Server.Tests.Watch;

namespace Olha.Server.Tests.Cluster;

/// <summary>Administrators see the nodes of a cluster, whichever they ask: how each is, whom it hears, and who has gone.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class NodeListTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What carries word between the nodes.</summary>
    public static TheoryData<BackplaneKind> Carriers => [BackplaneKind.Redis, BackplaneKind.Postgres];

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task Each_node_knows_both_and_how_long_word_takes_between_them(BackplaneKind carrier)
    {
        await using var nodes = await StartAsync(carrier);
        using var owner = await nodes.SignUpAsync("owner");
        using var there = nodes.At(1, owner);
        await using var ear = await there.ListenAsync();

        var seen = await UntilAsync(owner, it => it.Nodes.Count == 2 && it.Nodes.All(static node => node.Links is [{ RoundTripMs: > 0 }])
            && it.Nodes.All(static node => node.State is { Status: ReadyState.Ready, DatabaseMs: > 0, Backplane.RoundTripMs: > 0 })
            && Other(it).State.People == 1);
        var fromThere = await UntilAsync(there, static it => it.Nodes.Count == 2);

        Assert.Equal((seen.Self, Other(seen).State.Id), (Other(fromThere).State.Id, fromThere.Self));
        Assert.Equal([nodes.Address(0), nodes.Address(1)], new[] { Own(seen), Other(seen) }.Select(static it => new Uri(it.State.Address!)));
        Assert.Equal((Other(seen).State.Id, seen.Self), (Own(seen).Links.Single().To, Other(seen).Links.Single().To));
        Assert.All(seen.Nodes, it => Assert.Equal((carrier, true), (it.State.Backplane.Kind, it.State.Backplane.Live)));
        // The way takes milliseconds; what it was held for, up to two seconds, is not in it.
        Assert.All(seen.Nodes, static it => Assert.InRange(it.Links.Single().RoundTripMs!.Value, 0.01, 1500));
        Assert.InRange(Other(seen).HeardMs!.Value, 0, 6000);
        Assert.Null(Own(seen).HeardMs);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task The_metrics_tell_how_many_nodes_are_heard_and_how_long_word_takes_though_nobody_talks(BackplaneKind carrier)
    {
        await using var nodes = await StartAsync(carrier);
        var scrape = await Scrape.OfAsync(nodes.Address(1));
        while (scrape["olha_backplane_lag_seconds_count"] < 3 || scrape["olha_nodes"] < 2)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            scrape = await Scrape.OfAsync(nodes.Address(1));
        }

        Assert.Equal(2, scrape["olha_nodes"]);
        Assert.InRange(scrape["olha_backplane_lag_seconds_sum"] / scrape["olha_backplane_lag_seconds_count"], 0.00001, 1);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_node_that_was_killed_is_gone_in_time(BackplaneKind carrier)
    {
        await using var nodes = await StartAsync(carrier, count: 1);
        using var owner = await nodes.SignUpAsync("owner");
        await using var program = nodes.StartProgram();
        await program.Address;
        await UntilAsync(owner, static it => it.Nodes.Count == 2 && Other(it) is { State.Status: ReadyState.Ready, Links.Count: 1 });

        await program.KillAsync();
        var died = Stopwatch.GetTimestamp();

        await UntilAsync(owner, static it => it.Nodes.Any(static node => node.HeardMs > 5000));
        await UntilAsync(owner, static it => it.Nodes.Count == 1);
        var after = Stopwatch.GetElapsedTime(died);
        TestContext.Current.SendDiagnosticMessage($"over {carrier}, gone {after.TotalSeconds:0.0} s after kill -9");
        Assert.InRange(after, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public async Task A_node_that_is_stopped_says_so_and_is_gone_when_it_has_ended(BackplaneKind carrier)
    {
        await using var nodes = await StartAsync(carrier, count: 1);
        using var owner = await nodes.SignUpAsync("owner");
        await using var program = nodes.StartProgram();
        await program.Address;
        await UntilAsync(owner, static it => it.Nodes.Count == 2);

        program.Terminate();
        await UntilAsync(owner, static it => it.Nodes.Any(static node => node.State.Status is ReadyState.Stopping));
        Assert.Equal(0, (await program.EndedAsync()).Code);
        var ended = Stopwatch.GetTimestamp();

        await UntilAsync(owner, static it => it.Nodes.Count == 1);
        Assert.InRange(Stopwatch.GetElapsedTime(ended), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Without_Redis_a_node_is_degraded_and_sees_itself_and_with_it_again_both_are_well()
    {
        await using var nodes = await Nodes.StartAsync();
        using var owner = await nodes.SignUpAsync("owner");
        await UntilAsync(owner, static it => it.Nodes.Count == 2);

        await nodes.PartAsync();

        var alone = await UntilAsync(owner, static it => it.Nodes is [{ State.Status: ReadyState.Degraded }]);
        var state = Own(alone).State;
        Assert.Equal(("redis_away", new NodeBackplane(BackplaneKind.Redis, false, null)), (Assert.Single(state.Reasons).Reason, state.Backplane));
        using var watcher = new Client(nodes.Address(1));
        var ready = await watcher.GetAsync<Readiness>("/ready");
        Assert.Equal((ReadyState.Degraded, "redis_away"), (ready.Status, Assert.Single(ready.Reasons!).Reason));

        await nodes.Redis.StartAsync();

        await UntilAsync(owner, static it => it.Nodes.Count == 2 && it.Nodes.All(static node => node.State.Status is ReadyState.Ready && node.Links.Count == 1));
        Assert.Equal(ReadyState.Ready, (await watcher.GetAsync<Readiness>("/ready")).Status);
    }

    static Task<Nodes> StartAsync(BackplaneKind carrier, int count = 2) =>
        Nodes.StartAsync(count, with: it => carrier is BackplaneKind.Redis ? it : it with { RedisUrl = null });

    static NodeSeen Own(NodeList list) => list.Nodes.Single(it => it.State.Id == list.Self);

    static NodeSeen Other(NodeList list) => list.Nodes.Single(it => it.State.Id != list.Self);

    static async Task<NodeList> UntilAsync(Guest who, Func<NodeList, bool> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (true)
        {
            var list = await who.GetAsync<NodeList>("/api/v1/admin/nodes");
            if (isSo(list)) return list;
            await Task.Delay(100, patience.Token);
        }
    }
}
