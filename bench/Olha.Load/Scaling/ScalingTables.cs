using System.Globalization;
using System.Text;

namespace Olha.Load;

/// <summary>What was measured of clusters, as tables.</summary>
internal static class ScalingTables
{
    /// <summary>One node without Redis and with it.</summary>
    public static string Redis(Section measured)
    {
        var table = new StringBuilder("| | | without | with | with ÷ without | asked | |\n|---|---|--:|--:|--:|---|---|\n");
        foreach (var load in (string[])[ClusterBench.Burst, ClusterBench.Paced])
        {
            Row(load, "node_us_per_delivery", "CPU µs of the node a delivery", true, false);
            Row(load, "p50_ms", "p50 ms", true, false);
            Row(load, "p99_ms", "p99 ms", null, false);
            Row(load, "deliveries_per_s", "deliveries/s", load == ClusterBench.Burst ? true : null, true);
            Row(load, "node_us_per_post", "CPU µs of the node a post", null, false);
        }
        // With sixty posts a second most of it would be what they do when nobody talks.
        Row(ClusterBench.Burst, "postgres_us_per_post", "CPU µs of PostgreSQL a post", null, false);
        Row(ClusterBench.Burst, "redis_us_per_post", "CPU µs of Redis a post", null, false);
        return table.ToString();

        void Row(string load, string figure, string words, bool? isAsked, bool moreIsBetter)
        {
            var (without, with) = (Value(measured, $"{load}, {ClusterBench.Without}", figure), Value(measured, $"{load}, {ClusterBench.With}", figure));
            var ratio = with / without;
            var (asked, verdict) = isAsked is null ? ("", "") : (
                moreIsBetter ? $"≥ 1 ÷ {ClusterBench.MostOfWithout}" : $"≤ {ClusterBench.MostOfWithout}",
                ratio is not { } it ? "**not met**" : (moreIsBetter ? 1 / it : it) <= ClusterBench.MostOfWithout ? "met" : "**not met**");
            table.Append(string.Create(CultureInfo.InvariantCulture, $"| {load} | {words} | {Cell(without)} | {Cell(with)} | {(ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–")} | {asked} | {verdict} |\n"));
        }
    }

    /// <summary>What a connection, a delivery and a post cost.</summary>
    public static string CostsOf(Section measured)
    {
        var table = new StringBuilder("| | | one node | two nodes |\n|---|---|--:|--:|\n");
        Row(Costs.Idle, "kb_per_connection", "KB of a node's memory a connection");
        Row(Costs.Idle, "node_us_per_connection_s", "CPU µs of the nodes a connection and second");
        Row(Costs.Idle, "postgres_us_per_connection_s", "CPU µs of PostgreSQL a connection and second");
        Row(Costs.Idle, "redis_us_per_connection_s", "CPU µs of Redis a connection and second");
        Row(Costs.Idle, "node_us_per_connect", "CPU µs of the node a connect");
        Row(Costs.Idle, "postgres_us_per_connect", "CPU µs of PostgreSQL a connect");
        foreach (var load in (string[])[Costs.LargeRoom, Costs.SmallRooms, Costs.Check, Costs.Posts])
        {
            Row(load, "posts_per_s", "posts/s");
            Row(load, "deliveries_per_s", "deliveries/s");
            Row(load, "node_us_per_delivery", "CPU µs of the nodes a delivery, posts included");
            Row(load, "ack_p50_ms", "p50 ms to the acknowledgement");
            if (load == Costs.LargeRoom) continue; // with sixty posts a second the rest would be what the others do when nobody talks
            Row(load, "node_us_per_post", "CPU µs of the nodes a post, deliveries included");
            Row(load, "postgres_us_per_post", "CPU µs of PostgreSQL a post");
            Row(load, "redis_us_per_post", "CPU µs of Redis a post");
            Row(load, "redis_in_per_post", "bytes to Redis a post");
            Row(load, "redis_out_per_post", "bytes from Redis a post");
            Row(load, "wal_per_post", "bytes of PostgreSQL's log a post");
        }
        return table.ToString();

        void Row(string load, string figure, string words) => table.Append(
            $"| {load} | {words} | {Cell(Value(measured, Costs.On(load, 1), figure))} | {Cell(Value(measured, Costs.On(load, 2), figure))} |\n");
    }

    /// <summary>Many nodes on one Redis.</summary>
    public static string Nodes(Section measured)
    {
        var table = new StringBuilder("| nodes | CPU µs of Redis a hint that comes alone | of all nodes, saying it included, when nobody wants it | hints/s of a town | of those that came, wanted | lag p50 ms | p99 ms | hints/s that a full Redis carries |\n|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (var nodes in Simulation.Sizes)
        {
            double? Of(string figure) => Value(measured, Simulation.Nodes(nodes), figure);
            table.Append(CultureInfo.InvariantCulture, $"| {nodes} | {Cell(Of("dropped_redis_us_per_hint"))} | {Cell(Of("dropped_nodes_us_per_hint"))} | {Cell(Of("hints_per_s"))} | {Of("taken_share"):P1} | {Cell(Of("lag_p50_ms"))} | {Cell(Of("lag_p99_ms"))} | {Cell(Value(measured, RedisCeiling.Name(nodes), "hints_per_core_s"))} |\n");
        }
        var dense = Simulation.DenseSizes.Select(nodes => $"{Cell(Value(measured, Simulation.DenseNodes(nodes), "nodes_us_per_hint"))} with {nodes}");
        return table.Append($"\nWhen 8,000 a second come, and so many together, all nodes pay {string.Join(", ", dense)}.\n").ToString();
    }

    /// <summary>Who is here, on many nodes.</summary>
    public static string Crowds(Section measured)
    {
        var table = new StringBuilder("| nodes | people | cores of Redis | cores of a node | MB/s that Redis sends |\n|--:|--:|--:|--:|--:|\n");
        foreach (var (nodes, people) in CrowdSimulation.Sizes)
        {
            double? Of(string figure) => Value(measured, CrowdSimulation.Name(nodes, people), figure);
            table.Append(CultureInfo.InvariantCulture, $"| {nodes} | {people:N0} | {Cell(Of("redis_cores"))} | {Cell(Of("nodes_cores") / nodes)} | {Cell(Of("redis_out_per_s") / 1e6)} |\n");
        }
        return table.ToString();
    }

    /// <summary>When, on what, of which source.</summary>
    public static string Circumstances(Section it) =>
        $"`{it.Command}`, {it.At} UTC, commit {it.Commit}, {it.Rounds} round{(it.Rounds == 1 ? "" : "s, medians")}; {it.On}; others used {it.Others.ToString("0.00", CultureInfo.InvariantCulture)} cores at most.\n"
        + (!it.IsQuiet ? "\n**The machine was busy: these figures show only that it works.**\n" : "")
        + string.Concat(it.Invalid.Select(static why => $"\n**{why.Key} does not count**: {why.Value}\n"));

    static double? Value(Section measured, string name, string figure) =>
        !measured.Invalid.ContainsKey(name) && measured.Cases.TryGetValue(name, out var figures) && figures.TryGetValue(figure, out var value) ? value : null;

    static string Cell(double? value) => value is { } it ? PlanTables.Few(it) : "–";
}
