using System.Globalization;
using Npgsql;

namespace Olha.Load;

/// <summary>Clients at nodes of one PostgreSQL database, and what each of the processes pays for them.</summary>
/// <remarks>The nodes share the first core; load, PostgreSQL and Redis the second. The figures are of the time that all loads count.</remarks>
/// <param name="Name">What a report calls it.</param>
/// <param name="People">How many are connected, spread over the nodes.</param>
/// <param name="Nodes">How many there are.</param>
internal sealed record ClusterLoad(string Name, int People, int Nodes)
{
    /// <summary>Whether the nodes are told of a Redis.</summary>
    public bool WithRedis { get; init; } = true;

    /// <summary>Rooms besides General, and members of each; none: all are in General.</summary>
    public (int Count, int Size) Rooms { get; init; }

    /// <summary>How many of all talk.</summary>
    public int Senders { get; init; }

    /// <summary>Messages a second of all together; 0: each sender says the next thing when <see cref="Window"/> allows.</summary>
    public double Rate { get; init; }

    /// <summary>Messages that a sender has under way.</summary>
    public int Window { get; init; }

    /// <summary>Whether the next one waits for the acknowledgement instead of hearing the last.</summary>
    public bool Acked { get; init; } = true;

    /// <summary>Seconds that count; of silence, twice as many when nobody talks.</summary>
    public int Seconds { get; init; } = 5;

    int RoomSize => Rooms.Count == 0 ? People : Rooms.Size;

    public async Task<Figures> RunAsync(bool quick, CancellationToken ct)
    {
        await using var services = await Services.StartAsync(Machine.Cores.Load, ct);
        var plan = new SeedPlan(Path.Combine(Workbench.Folder, "run"), People, Rooms.Count, Rooms.Size) { Address = services.Postgres };
        await Seeding.PrepareAsync(plan, ct);
        await using var postgres = new NpgsqlConnection(
            FormattableString.Invariant($"Host=127.0.0.1;Port={services.PostgresPort};Username=postgres;Database=postgres;Pooling=false"));
        await postgres.OpenAsync(ct);

        var (nodes, loads) = (new List<Child>(), new List<Child>());
        try
        {
            var ports = new int[Nodes];
            for (var i = 0; i < Nodes; i++)
            {
                ports[i] = Workbench.FreePort();
                nodes.Add(Server.StartOlha(plan.Database, ports[i], Machine.Cores.Server, (services.Postgres, WithRedis ? services.Redis : null)));
            }
            for (var i = 0; i < Nodes; i++) await Server.IsReadyAsync(nodes[i], ports[i], ct);

            var clock = Machine.Clock.Read(nodes[0].Id);
            var atRest = await Consumption.ReadAsync(nodes, services, postgres, ct);
            for (var i = 0; i < Nodes; i++) loads.Add(await StartLoadAsync(plan, i, ports[i], nodes[i].Id, quick, ct));
            foreach (var load in loads) await load.SaysAsync(Child.Counting, ct);
            var begin = await Consumption.ReadAsync(nodes, services, postgres, ct);
            await await Task.WhenAny(loads.Select(load => load.SaysAsync(Child.Counted, ct)));
            var end = await Consumption.ReadAsync(nodes, services, postgres, ct);

            var told = new List<Figures>();
            foreach (var load in loads) told.Add(Figures.Parse(await load.FinishAsync(ct)));
            var others = Others(clock, Machine.Clock.Read(nodes[0].Id), await Consumption.ReadAsync(nodes, services, postgres, ct), atRest, told);
            var survived = nodes.TrueForAll(static node => !node.HasEnded);
            await Task.WhenAll(nodes.Select(static node => node.StopAsync()));
            var figures = Together(told, begin.Since(atRest), end.Since(begin), end.At - begin.At).With("others_cores", others);
            var why = survived ? WhyNot(told) ?? await WhyNotStoredAsync(plan, told, ct) : "a node ended";
            if (why is not null) Console.WriteLine(string.Join('\n', loads.Concat(nodes).Select(static it => it.Said)));
            return figures with { Invalid = why };
        }
        finally
        {
            foreach (var child in loads.Concat(nodes)) await child.DisposeAsync();
        }
    }

    // Each load's people are others, and each has some of all rooms.
    async Task<Child> StartLoadAsync(SeedPlan plan, int node, int port, int server, bool quick, CancellationToken ct)
    {
        var skipped = node * People / Nodes;
        var (headers, hellos) = (FormattableString.Invariant($"{plan.Headers}.{node}"), FormattableString.Invariant($"{plan.Hellos}.{node}"));
        await File.WriteAllLinesAsync(headers, (await File.ReadAllLinesAsync(plan.Headers, ct)).Skip(skipped), ct);
        await File.WriteAllLinesAsync(hellos, (await File.ReadAllLinesAsync(plan.Hellos, ct)).Skip(skipped), ct);
        List<string> line =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--pid", server.ToString(CultureInfo.InvariantCulture), .. LoadCase.V1,
            "--hello", hellos, "--headers", headers, "--origin", node.ToString(CultureInfo.InvariantCulture),
            .. FormattableString.Invariant($"--n {People / Nodes} --rooms {Math.Max(1, Rooms.Count)} --room-base {(Rooms.Count > 0 ? 2 : 1)}").Split(' '),
            .. Talk(quick).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ];
        return Child.Start(Machine.Cores.Load, Workbench.LoadTool, line, [], Workbench.Folder);
    }

    string Talk(bool quick)
    {
        if (Senders == 0) return FormattableString.Invariant($"--hold {(quick ? 4 : 2 * Seconds)}");
        var pace = Rate > 0 ? FormattableString.Invariant($"--rate {Rate / Nodes}") : FormattableString.Invariant($"--window {Window} --loop-acked {(Acked ? 1 : 0)}");
        return FormattableString.Invariant($"--senders {Senders / Nodes} {pace} --settle {(quick ? 0.5 : 1)} --warm {(quick ? 0.5 : 1.5)} --secs {(quick ? 2 : Seconds)}");
    }

    Figures Together(List<Figures> told, Consumption arrival, Consumption used, TimeSpan time)
    {
        var seconds = time.TotalSeconds;
        var all = new Dictionary<string, double>
        {
            ["people"] = People, ["nodes"] = Nodes, ["node_cores"] = used.Nodes / seconds, ["postgres_cores"] = used.Postgres / seconds,
            ["redis_cores"] = used.Redis / seconds, ["redis_in_per_s"] = used.RedisIn / seconds, ["redis_out_per_s"] = used.RedisOut / seconds,
            ["transactions_per_s"] = used.Commits / seconds,
        };
        if (Senders == 0)
        {
            foreach (var (name, cores) in Cores(used, seconds)) all[$"{name}_us_per_connection_s"] = cores * 1e6 / People;
            all["kb_per_connection"] = told.Average(static it => it["kb_per_conn"] ?? 0);
            all["mb_at_rest"] = told.Average(static it => (it["rss_mb"] ?? 0) - (it["kb_per_conn"] ?? 0) * (it["connected"] ?? 0) / 1024);
            all["connects_per_s"] = Sum(told, "conn_per_s");
            all["node_us_per_connect"] = told.Average(static it => it["connect_cpu_us"] ?? 0);
            // Until the counting began those who had come were as idle as afterwards.
            var idle = told.Max(static it => it["connect_s"] ?? 0) + (double)Seconds;
            all["postgres_us_per_connect"] = Math.Max(0, arrival.Postgres - used.Postgres / seconds * idle) * 1e6 / People;
            all["redis_us_per_connect"] = Math.Max(0, arrival.Redis - used.Redis / seconds * idle) * 1e6 / People;
            return new Figures(all);
        }
        var posts = Sum(told, "acks_per_s");
        (all["posts_per_s"], all["deliveries_per_s"]) = (posts, posts * RoomSize);
        foreach (var (name, cores) in Cores(used, seconds)) all[$"{name}_us_per_post"] = cores * 1e6 / posts;
        all["node_us_per_delivery"] = used.Nodes / seconds * 1e6 / (posts * RoomSize);
        (all["redis_in_per_post"], all["redis_out_per_post"]) = (used.RedisIn / seconds / posts, used.RedisOut / seconds / posts);
        all["wal_per_post"] = used.Wal / seconds / posts;
        all["heard_per_delivery"] = Sum(told, "heard_kb_per_s") * 1024 / (posts * RoomSize);
        foreach (var key in (string[])["p50_ms", "p99_ms", "ack_p50_ms", "ack_p99_ms"]) all[key] = told.Max(it => it[key] ?? 0);
        return new Figures(all);
    }

    static (string Name, double Cores)[] Cores(Consumption used, double seconds) =>
        [("node", used.Nodes / seconds), ("postgres", used.Postgres / seconds), ("redis", used.Redis / seconds)];

    // Cores that nobody of ours was using.
    static double Others(Machine.Clock before, Machine.Clock after, Consumption end, Consumption begin, List<Figures> told)
    {
        var seconds = (after.At - before.At).TotalSeconds;
        var ours = end.Since(begin);
        return Math.Max(0, (after.All - before.All - ours.Nodes - ours.Postgres - ours.Redis) / seconds - Sum(told, "gen_cpu"));
    }

    static double Sum(List<Figures> told, string key) => told.Sum(it => it[key] ?? 0);

    static string? WhyNot(List<Figures> told) => (string[])["violations", "refused", "lost_conns"] is var keys && keys.Sum(key => Sum(told, key)) is > 0 and var count
        ? string.Create(CultureInfo.InvariantCulture, $"violations, refusals and lost connections: {count}")
        : null;

    static async Task<string?> WhyNotStoredAsync(SeedPlan plan, List<Figures> told, CancellationToken ct)
    {
        var sent = (long)Sum(told, "sent_in_all");
        var (texts, places) = await Communities.CountAsync(plan, ct);
        // With nobody who talks there is no place yet.
        return texts == sent && places == sent ? null : string.Create(CultureInfo.InvariantCulture, $"sent {sent}, stored {texts} at {places} places");
    }
}
