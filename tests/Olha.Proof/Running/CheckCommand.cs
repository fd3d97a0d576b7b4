using System.Diagnostics;

namespace Olha.Proof;

/// <summary>The command <c>check</c>.</summary>
internal static class CheckCommand
{
    const int MostPrinted = 12;
    const int TriesOfEach = 3;
    static readonly TimeSpan s_shrinkFor = TimeSpan.FromMinutes(3);

    /// <returns>0: all green; 1: a promise was not kept; 2: it cannot be understood, or could not be run.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (CheckChoices.Read(arguments) is not { } choices)
        {
            Console.Error.WriteLine(CheckChoices.Usage);
            return 2;
        }
        var (program, red) = (choices.Program is { } file ? [Path.GetFullPath(file)] : Programs.UnderTest, 0);
        try
        {
            await using var ground = choices is { Nodes: > 1, Redis: null } ? await ClusterGround.MakeAsync(choices.Nodes) : null;
            Task<Checked> CheckAsync(Plan plan) => ground is not null
                ? Check.RunOnClusterAsync(plan, program, ground, CancellationToken.None)
                : Check.RunAsync(plan, program, choices.Database, CancellationToken.None, it => it with { Nodes = choices.Nodes, RedisUrl = choices.Redis });
            for (var run = 0; run < choices.Runs; run++)
            {
                var plan = choices.Plan is { } kept
                    ? PlanJson.Read(await File.ReadAllTextAsync(kept))
                    : PlanMaker.Make(choices.Seed + (ulong)run, choices.Size);
                if (!await IsGreenAsync(plan, CheckAsync, choices)) red++;
            }
        }
        catch (ProofException cause)
        {
            Console.Error.WriteLine(cause.Message);
            return 2;
        }
        if (choices.Runs > 1) Console.WriteLine($"{choices.Runs} runs, {red} red");
        return red == 0 ? 0 : 1;
    }

    static async Task<bool> IsGreenAsync(Plan plan, Func<Plan, Task<Checked>> check, CheckChoices choices)
    {
        var began = Stopwatch.GetTimestamp();
        var (ran, violations) = await check(plan);
        var word = violations.Count == 0 ? "green" : $"RED ({violations.Count})";
        Console.WriteLine($"seed {plan.Seed}: {word} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {Tally.Of(ran)}");
        if (ran.Complained.Length > 0) Console.WriteLine($"  the server complained: {ran.Complained[..Math.Min(2000, ran.Complained.Length)]}");
        if (violations.Count == 0) return true;

        Print(violations);
        Console.WriteLine(Timeline.Of(ran.Run, violations[0]));
        Console.WriteLine($"  the plan is kept: script/check --plan {await Check.KeepAsync(plan, $"seed-{plan.Seed}")}");
        if (choices.Shrink) await ShrinkAsync(plan, violations[0].Invariant, check);
        return false;
    }

    static async Task ShrinkAsync(Plan plan, int invariant, Func<Plan, Task<Checked>> check)
    {
        var shown = "";
        var least = await Shrinker.ShrinkAsync(
            plan, invariant, async smaller =>
            {
                var (ran, violations) = await check(smaller);
                if (violations.FirstOrDefault(violation => violation.Invariant == invariant) is { } broken) shown = Timeline.Of(ran.Run, broken);
                return violations;
            },
            new ShrinkOptions(TriesOfEach, s_shrinkFor, static said => Console.WriteLine($"  {said}")));
        if (least == plan) return;
        Console.WriteLine(shown);
        Console.WriteLine($"  made smaller: script/check --plan {await Check.KeepAsync(least, $"seed-{plan.Seed}-small")}");
    }

    static void Print(IReadOnlyList<Violation> violations)
    {
        foreach (var violation in violations.Take(MostPrinted)) Console.WriteLine($"  I{violation.Invariant}: {violation.Said}");
        if (violations.Count > MostPrinted) Console.WriteLine($"  and {violations.Count - MostPrinted} more");
    }
}
