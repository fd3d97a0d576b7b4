using System.Globalization;
using System.Text.RegularExpressions;

namespace Olha.Load;

/// <summary>Clients post at one or more nodes of one PostgreSQL database: bench/wsload.c against each. The floor is PostgreSQL alone.</summary>
internal sealed partial record NodesCase(string Workload, string Title, string What, IReadOnlyList<Metric> Metrics)
    : Case(Workload, Title, What, [Door.Floor, Door.V1], Metrics)
{
    public required int People { get; init; }

    /// <summary>Rooms besides General, and members of each.</summary>
    public (int Count, int Size) Rooms { get; init; }

    public int Nodes { get; init; } = 1;

    /// <summary>What each load is told.</summary>
    public required string Load { get; init; }

    /// <summary>How many rows the floor stores at once, with how many clients.</summary>
    public required int Rows { get; init; }
    public required int Clients { get; init; }

    public override async Task<Run> RunAsync(Door door, Communities data, bool quick, CancellationToken ct)
    {
        await using var services = await Services.StartAsync(null, ct);
        var plan = new SeedPlan(Path.Combine(Workbench.Folder, "run"), People, Rooms.Count, Rooms.Size) { Address = services.Postgres };
        await Seeding.PrepareAsync(plan, ct);
        if (door == Door.Floor)
        {
            var (figures, command) = await services.FloorAsync(Rows, Clients, Rooms.Count == 0 ? (1, 1) : (2, 1 + Rooms.Count), quick, ct);
            return new Run(figures, [command]);
        }

        var nodes = new List<Child>();
        try
        {
            return await RunAsync(plan, services, nodes, quick, ct);
        }
        finally
        {
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    async Task<Run> RunAsync(SeedPlan plan, Services services, List<Child> nodes, bool quick, CancellationToken ct)
    {
        var ports = new int[Nodes];
        for (var i = 0; i < Nodes; i++)
        {
            ports[i] = Workbench.FreePort();
            nodes.Add(Server.StartOlha(plan.Database, ports[i], null, (services.Postgres, Nodes > 1 ? services.Redis : null), log: "debug")); // tells where a post's time goes
        }
        for (var i = 0; i < Nodes; i++) await Server.IsReadyAsync(nodes[i], ports[i], ct);

        var before = nodes.ConvertAll(node => Machine.Clock.Read(node.Id));
        var loads = new List<Child>();
        for (var i = 0; i < Nodes; i++) loads.Add(await StartLoadAsync(plan, i, ports[i], nodes[i].Id, quick, ct));
        var told = new List<Figures>();
        foreach (var load in loads) told.Add(Figures.Parse(await load.FinishAsync(ct)));
        var others = before[0].OthersSince(Machine.Clock.Read(nodes[0].Id), Sum(told, "gen_cpu") + told.Skip(1).Sum(it => it["srv_cpu"] ?? 0));
        foreach (var load in loads) await load.DisposeAsync();

        var survived = nodes.TrueForAll(node => !node.HasEnded);
        foreach (var node in nodes) await node.StopAsync();
        var figures = Together(told, string.Join('\n', nodes.Select(node => node.Said))).With("others_cpu", others);
        var why = !survived ? "a node ended" : WhyNot(told) ?? await WhyNotStoredAsync(plan, told, ct);
        if (why is not null) Console.WriteLine(string.Join('\n', loads.Select(load => load.Said)));
        return new Run(figures with { Invalid = why }, [.. services.Commands, .. nodes.Select(it => it.Command), .. loads.Select(it => it.Command)]);
    }

    // Each load's people are others; where there are rooms, each has some of all.
    async Task<Child> StartLoadAsync(SeedPlan plan, int node, int port, int server, bool quick, CancellationToken ct)
    {
        var skipped = node * People / Nodes;
        var (headers, hellos) = (FormattableString.Invariant($"{plan.Headers}.{node}"), FormattableString.Invariant($"{plan.Hellos}.{node}"));
        await File.WriteAllLinesAsync(headers, (await File.ReadAllLinesAsync(plan.Headers, ct)).Skip(skipped), ct);
        await File.WriteAllLinesAsync(hellos, (await File.ReadAllLinesAsync(plan.Hellos, ct)).Skip(skipped), ct);
        return Child.Start(null, Workbench.LoadTool,
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--pid", server.ToString(CultureInfo.InvariantCulture), .. LoadCase.V1,
            "--hello", hellos, "--headers", headers, "--origin", node.ToString(CultureInfo.InvariantCulture),
            .. $"{Load} --loop-acked 1 {(quick ? "--warm 0.5 --secs 6" : "--warm 2 --secs 12")}".Split(' '),
        ], [], Workbench.Folder);
    }

    static Figures Together(List<Figures> told, string log)
    {
        var steps = Steps().Matches(log).Select(it => it.Groups.Values.Skip(1).Select(value => double.Parse(value.ValueSpan, CultureInfo.InvariantCulture)).ToArray()).ToList();
        var (posts, batches) = (steps.Sum(it => it[0]), steps.Sum(it => it[1]));
        var all = new Dictionary<string, double>
        {
            ["acks_per_s"] = Sum(told, "acks_per_s"), ["ack_p50_ms"] = told.Max(it => it["ack_p50_ms"] ?? 0),
            ["ack_p99_ms"] = told.Max(it => it["ack_p99_ms"] ?? 0), ["srv_cpu"] = Sum(told, "srv_cpu"),
            ["heard_per_s"] = told.Sum(it => (it["foreign"] ?? 0) / (it["secs"] ?? 1)),
        };
        if (batches == 0) return new Figures(all);
        string[] names = ["queue_ms", "read_ms", "decide_ms", "commit_ms", "announce_ms"];
        for (var i = 0; i < names.Length; i++) all[names[i]] = steps.Sum(it => it[2 + i] * it[i == 0 ? 0 : 1]) / (i == 0 ? posts : batches);
        all["posts_per_batch"] = posts / batches;
        all["rest_ms"] = Math.Max(0, all["ack_p50_ms"] - names.Sum(name => all[name]));
        return new Figures(all);
    }

    static double Sum(List<Figures> told, string key) => told.Sum(it => it[key] ?? 0);

    static string? WhyNot(List<Figures> told) => Sum(told, "violations") + Sum(told, "lost_conns") is > 0 and var count
        ? string.Create(CultureInfo.InvariantCulture, $"violations and lost connections: {count}")
        : null;

    static async Task<string?> WhyNotStoredAsync(SeedPlan plan, List<Figures> told, CancellationToken ct)
    {
        var sent = (long)Sum(told, "sent_in_all");
        var (texts, places) = await Communities.CountAsync(plan, ct);
        return texts == sent && places == sent ? null : string.Create(CultureInfo.InvariantCulture, $"sent {sent}, stored {texts} at {places} places");
    }

    // What Messages/PostTimes tells.
    [GeneratedRegex(@"(\d+) posts in (\d+) batches: a post waited ([\d.]+) ms, a batch read ([\d.]+) ms, decided ([\d.]+) ms, committed ([\d.]+) ms, announced ([\d.]+) ms")]
    private static partial Regex Steps();
}
