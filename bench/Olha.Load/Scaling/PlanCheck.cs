using System.Globalization;
using System.Text;

namespace Olha.Load;

/// <summary>What the model says of loads that it was not fitted on, beside what was measured.</summary>
internal static class PlanCheck
{
    /// <summary>The simulated nodes that the model does not know of.</summary>
    public const int Nodes = 64;

    public static IEnumerable<(string What, double Predicted, double Measured)> Of(Costs costs, Measurements measured)
    {
        var (load, many) = (measured.Costs!, measured.Simulation!);
        foreach (var nodes in (int[])[1, 2])
        {
            var it = Costs.On(Costs.Check, nodes);
            double people = load[it, "people"], posts = load[it, "posts_per_s"], deliveries = load[it, "deliveries_per_s"];
            yield return ($"{it}: cores of the nodes",
                (people * costs.NodeConnection + posts * (costs.NodePost + (nodes - 1) * costs.NodeTaken) + deliveries * costs.NodeDelivery) / 1e6, load[it, "node_cores"]);
            yield return ($"{it}: cores of PostgreSQL", (costs.PostgresRest + people * costs.PostgresConnection + posts * costs.PostgresPerWrite(posts, nodes)) / 1e6, load[it, "postgres_cores"]);
            if (nodes > 1)
                yield return ($"{it}: cores of Redis", (costs.RedisRest + people * costs.RedisConnection + posts * costs.RedisHint.At(nodes)) / 1e6, load[it, "redis_cores"]);
        }
        yield return ($"{Nodes} simulated nodes: µs of Redis a hint", costs.RedisHint.At(Nodes), many[Simulation.Nodes(Nodes), "dropped_redis_us_per_hint"]);
        yield return ($"{Nodes} simulated nodes: hints a second that a full Redis carries", 1e6 / costs.FullHint.At(Nodes), many[RedisCeiling.Name(Nodes), "hints_per_core_s"]);
        var (count, crowd) = CrowdSimulation.Sizes[^1];
        var name = CrowdSimulation.Name(count, crowd);
        yield return ($"who is here, {count} simulated nodes, {crowd:N0} people: MB/s that Redis sends",
            2.0 * count * crowd * costs.BytesMember / 1e6, many[name, "redis_out_per_s"] / 1e6);
    }

    public static string Render(Costs costs, Measurements measured)
    {
        var table = new StringBuilder("| | predicted | measured | error |\n|---|--:|--:|--:|\n");
        foreach (var (what, predicted, value) in Of(costs, measured))
            table.Append(CultureInfo.InvariantCulture, $"| {what} | {PlanTables.Few(predicted)} | {PlanTables.Few(value)} | {(predicted / value - 1) * 100:+0;-0;0}% |\n");
        return table.ToString();
    }
}
