using System.Diagnostics;
using System.Globalization;

namespace Olha.Load;

/// <summary>Many nodes of the real backplane code in this process, on one real Redis: what Redis pays for a hint, what each node pays for
/// one that concerns nobody there, and how late it is.</summary>
/// <remarks>This process has the first core, Redis the second. Only who is connected and the database are absent.</remarks>
internal sealed class Simulation(ScalingChoices choices)
{
    public static readonly IReadOnlyList<int> Sizes = [2, 8, 32, 64, 128];

    /// <summary>Those with so much to hear that many hints come together.</summary>
    public static readonly IReadOnlyList<int> DenseSizes = [1, 2, 4, 8];

    /// <summary>Hints a second times nodes that one core stands beside everything else.</summary>
    const double MostReceived = 24_000;
    const double MostSaid = 2000;

    /// <summary>So few, at every size, that each comes alone.</summary>
    const double Alone = 180;
    const double Dense = 8000;
    const double Warm = 3;

    readonly double _seconds = choices.Quick ? 1.5 : 6;

    public static string Nodes(int nodes) => $"{nodes} nodes";
    public static string DenseNodes(int nodes) => $"dense, {nodes} nodes";

    public async Task<Section> RunAsync(CancellationToken ct)
    {
        var begin = DateTime.UtcNow;
        await Machine.KeepToAsync(Machine.Cores.Server, ct);
        var cases = new Dictionary<string, Figures>();
        foreach (var nodes in Sizes) await TakeAsync(Nodes(nodes), OnRedisAsync(port => RunAsync(nodes, port, SpreadAsync, ct), ct));
        foreach (var nodes in DenseSizes) await TakeAsync(DenseNodes(nodes), OnRedisAsync(port => RunAsync(nodes, port, DenseAsync, ct), ct));
        foreach (var nodes in Sizes) await TakeAsync(RedisCeiling.Name(nodes), OnRedisAsync(port => RedisCeiling.RunAsync(nodes, port, _seconds, ct), ct));
        foreach (var (nodes, people) in CrowdSimulation.Sizes)
            await TakeAsync(CrowdSimulation.Name(nodes, people), OnRedisAsync(port => CrowdSimulation.RunAsync(nodes, people, port, _seconds, ct), ct));
        return Section.Of("script/bench simulate", begin, 1, cases);

        async Task TakeAsync(string name, Task<Figures> run)
        {
            cases[name] = await run;
            Console.WriteLine($"{name}: {string.Join(' ', cases[name].Values.Select(static it => string.Create(CultureInfo.InvariantCulture, $"{it.Key}={it.Value:0.###}")))} {cases[name].Invalid}");
        }
    }

    static async Task<Figures> OnRedisAsync(Func<(int Port, int Process), Task<Figures>> run, CancellationToken ct)
    {
        var port = Workbench.FreePort();
        await using var redis = Services.StartRedis(port, Machine.Cores.Load);
        await Server.ListensAsync(redis, port, ct);
        var (before, own) = (Machine.Clock.Read(redis.Id), Process.GetCurrentProcess().TotalProcessorTime);
        var figures = await run((port, redis.Id));
        var after = Machine.Clock.Read(redis.Id);
        return figures.With("others_cores", before.OthersSince(after, (Process.GetCurrentProcess().TotalProcessorTime - own) / (after.At - before.At)));
    }

    async Task<Figures> RunAsync(int count, (int Port, int Process) redis, Func<Scene, CancellationToken, Task<Figures>> play, CancellationToken ct)
    {
        var town = new Town(Day.Usual, count);
        // Beside the town's rooms as many in which nobody is.
        var ledger = new Ledger(2 * town.Rooms);
        var url = FormattableString.Invariant($"redis://127.0.0.1:{redis.Port}");
        var nodes = Enumerable.Range(0, count).Select(number => new SimulatedNode(number, url, "simulated", ledger)).ToList();
        try
        {
            foreach (var node in nodes) await node.StartAsync(ct);
            foreach (var node in nodes) await node.HearsAsync(ct);
            for (var room = 0; room < town.Rooms; room++)
                foreach (var node in town.NodesOf(room)) nodes[node].Join(room);
            return await play(new Scene(town, ledger, nodes, redis), ct);
        }
        finally
        {
            await Task.WhenAll(nodes.Select(static node => node.DisposeAsync().AsTask()));
        }
    }

    async Task<Figures> SpreadAsync(Scene it, CancellationToken ct)
    {
        var count = it.Nodes.Count;
        var rate = Math.Min(MostSaid, MostReceived / count);
        await TalkAsync(Warm, rate, it.SayToNobody, ct); // compiled
        await it.QuietAsync(ct);
        var idle = await MeasureAsync(it.Redis, 0, null, ct);
        var dropped = await MeasureAsync(it.Redis, Alone, it.SayToNobody, ct);
        await it.QuietAsync(ct);
        var (takenBefore, droppedBefore, heardBefore) = (it.Taken, it.Dropped, it.Ledger.Heard);
        var skewed = await MeasureAsync(it.Redis, rate, _ =>
        {
            var (room, node) = it.Town.Next();
            it.Nodes[node].Say(room, isLimited: true);
        }, ct);
        await it.QuietAsync(ct);
        double drops = it.Dropped - droppedBefore, heard = it.Ledger.Heard - heardBefore, said = skewed.Said;
        return new Figures(new Dictionary<string, double>
        {
            ["nodes"] = count, ["hints_per_s"] = rate, ["idle_node_us_per_s"] = idle.Own * 1e6 / count, ["idle_redis_us_per_node_s"] = idle.Redis * 1e6 / count,
            ["dropped_redis_us_per_hint"] = (dropped.Redis - idle.Redis) * 1e6 / dropped.Rate, ["dropped_nodes_us_per_hint"] = (dropped.Own - idle.Own) * 1e6 / dropped.Rate,
            ["redis_in_per_hint"] = (dropped.In - idle.In) / dropped.Rate, ["redis_out_per_hint"] = (dropped.Out - idle.Out) / dropped.Rate,
            ["skewed_redis_us_per_hint"] = (skewed.Redis - idle.Redis) * 1e6 / skewed.Rate, ["skewed_nodes_us_per_hint"] = (skewed.Own - idle.Own) * 1e6 / skewed.Rate,
            ["taken_share"] = heard / (said * (count - 1)), ["lost"] = said * (count - 1) - heard - drops, ["gaps"] = it.Ledger.Gaps,
            ["untold"] = it.Nodes.Sum(static node => node.Untold), ["controls_taken"] = it.Taken - takenBefore - heard,
            ["lag_p50_ms"] = it.Ledger.LagMs(0.5), ["lag_p99_ms"] = it.Ledger.LagMs(0.99),
        });
    }

    async Task<Figures> DenseAsync(Scene it, CancellationToken ct)
    {
        await TalkAsync(Warm, Dense, it.SayToNobody, ct);
        await it.QuietAsync(ct);
        var idle = await MeasureAsync(it.Redis, 0, null, ct);
        var dense = await MeasureAsync(it.Redis, Dense, it.SayToNobody, ct);
        return new Figures(new Dictionary<string, double>
        {
            ["nodes"] = it.Nodes.Count, ["hints_per_s"] = Dense, ["nodes_us_per_hint"] = (dense.Own - idle.Own) * 1e6 / dense.Rate,
            ["redis_us_per_hint"] = (dense.Redis - idle.Redis) * 1e6 / dense.Rate, ["untold"] = it.Nodes.Sum(static node => node.Untold),
        });
    }

    // Cores of this process and of Redis, bytes a second that Redis read and wrote, and how much was said a second.
    async Task<(double Own, double Redis, double In, double Out, double Rate, double Said)> MeasureAsync(
        (int Port, int Process) redis, double rate, Action<Random>? say, CancellationToken ct)
    {
        var own = Process.GetCurrentProcess();
        var (begin, ours, theirs) = (Stopwatch.GetTimestamp(), own.TotalProcessorTime, await Consumption.RedisAsync(redis.Port, ct));
        var said = say is null ? 0 : await TalkAsync(_seconds, rate, say, ct);
        if (say is null) await Task.Delay(TimeSpan.FromSeconds(_seconds), ct);
        own.Refresh();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var after = await Consumption.RedisAsync(redis.Port, ct);
        return ((own.TotalProcessorTime - ours).TotalSeconds / seconds, (after.Cpu - theirs.Cpu) / seconds,
            (after.In - theirs.In) / seconds, (after.Out - theirs.Out) / seconds, said / seconds, said);
    }

    static async Task<int> TalkAsync(double seconds, double rate, Action<Random> say, CancellationToken ct)
    {
        var (chance, begin, said) = (new Random(7), Stopwatch.GetTimestamp(), 0);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds is var passed && passed < seconds)
        {
            for (; said < passed * rate; said++) say(chance);
            await timer.WaitForNextTickAsync(ct);
        }
        return said;
    }
}
