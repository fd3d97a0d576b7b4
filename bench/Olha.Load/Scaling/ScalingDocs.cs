using System.Text.RegularExpressions;

namespace Olha.Load;

/// <summary>docs/scaling.md: written by hand, but for its figures, which stand between marks and follow from what was measured.</summary>
internal static partial class ScalingDocs
{
    public const string Path = "docs/scaling.md";

    public static string Render() => Render(File.ReadAllText(System.IO.Path.Combine(Workbench.Root, Path)), Measurements.Read(Workbench.Results));

    /// <summary>A page with its figures renewed.</summary>
    public static string Render(string page, Measurements measured)
    {
        var costs = Costs.From(measured);
        var tables = new PlanTables(costs, Day.Usual, Machines.Usual);
        return Block().Replace(page, it => $"<!-- figures: {it.Groups[1].Value} -->\n{it.Groups[1].Value switch
        {
            "redis" => Both(measured.Redis, ScalingTables.Redis),
            "costs" => Both(measured.Costs, ScalingTables.CostsOf),
            "nodes" => Both(measured.Simulation, ScalingTables.Nodes),
            "crowds" => ScalingTables.Crowds(measured.Simulation!),
            "check" => PlanCheck.Render(costs, measured),
            "day" => tables.Words(),
            "plan" => tables.Plans(PlanTables.Sizes, isShared: true),
            "walls" => tables.Walls(),
            "after" => tables.Plans([.. PlanTables.Sizes.TakeLast(2)], isShared: false),
            var other => throw new BenchException($"{Path} asks for figures called {other}."),
        }}<!-- end -->");
    }

    static string Both(Section? section, Func<Section, string> table) =>
        section is null ? "Not measured yet.\n" : $"{ScalingTables.Circumstances(section)}\n{table(section)}";

    [GeneratedRegex(@"<!-- figures: (\w+) -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Block();
}
