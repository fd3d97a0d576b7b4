namespace Olha.Load;

/// <summary>Measures what clusters cost, or plans them. Each command that measures leaves its part in bench/results/scaling.json, and what follows from all
/// of it in docs/scaling.md is renewed by script/generate.</summary>
internal static class ScalingCommand
{
    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        if (!ScalingChoices.TryRead(args, out var choices, out var problem))
        {
            Console.Error.WriteLine($"bench: {problem}\n\n{ScalingChoices.Usage}");
            return 2;
        }
        if (choices.What == "plan") return Plan(choices);

        Directory.CreateDirectory(Workbench.Folder);
        var section = choices.What switch
        {
            "b12" => await ClusterBench.RedisAsync(choices, ct),
            "b13" => await ClusterBench.CostsAsync(choices, ct),
            _ => await new Simulation(choices).RunAsync(ct),
        };
        var folder = choices.Quick ? Workbench.Folder : Workbench.Results;
        var known = Measurements.Read(folder);
        (choices.What switch
        {
            "b12" => known with { Redis = section },
            "b13" => known with { Costs = section },
            _ => known with { Simulation = section },
        }).Write(folder);
        Console.WriteLine($"\n{Shown(choices.What, section)}\n{Workbench.Shown(Path.Combine(folder, "scaling.json"))}, scaling.md beside it");
        return section.Invalid.Count == 0 ? 0 : 1;
    }

    static int Plan(ScalingChoices choices)
    {
        var measured = Measurements.Read(Workbench.Results);
        var costs = Costs.From(measured);
        var tables = new PlanTables(costs, choices.Day, Machines.Usual);
        Console.WriteLine(tables.Words());
        Console.WriteLine(tables.Plans(choices.People, isShared: true));
        Console.WriteLine(tables.Walls());
        Console.WriteLine(PlanCheck.Render(costs, measured));
        return 0;
    }

    static string Shown(string what, Section section) => what switch
    {
        "b12" => ScalingTables.Redis(section),
        "b13" => ScalingTables.CostsOf(section),
        _ => $"{ScalingTables.Nodes(section)}\n{ScalingTables.Crowds(section)}",
    };
}
