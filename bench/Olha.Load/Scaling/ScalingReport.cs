using System.Text;

namespace Olha.Load;

/// <summary>What was measured of clusters, as a page.</summary>
internal static class ScalingReport
{
    public static string Render(Measurements measured)
    {
        var page = new StringBuilder("""
            <!-- Written with scaling.json by script/bench b12, b13 and simulate. Do not edit. -->
            # Clusters

            What they cost, measured. What follows for large ones is in [docs/scaling.md](../../docs/scaling.md), how it is measured in
            [the README](../README.md). The nodes share one core; load, PostgreSQL and Redis the other. "–" was not measured, or does not count.

            """);
        Part("One node without Redis and with it", measured.Redis, ScalingTables.Redis);
        Part("One node and two", measured.Costs, ScalingTables.CostsOf);
        Part("Many nodes on one Redis", measured.Simulation, ScalingTables.Nodes);
        Part("Who is here, on many nodes", measured.Simulation, ScalingTables.Crowds);
        return page.ToString();

        void Part(string title, Section? section, Func<Section, string> table)
        {
            if (section is not null) page.Append($"\n## {title}\n\n{ScalingTables.Circumstances(section)}\n{table(section)}");
        }
    }
}
