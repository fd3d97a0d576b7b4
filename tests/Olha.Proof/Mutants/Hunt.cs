using System.Diagnostics;

namespace Olha.Proof.Mutants;

/// <summary>What it took to see a fault.</summary>
/// <param name="Mutant">Which one; null: none, the program as it should be.</param>
/// <param name="Seed">The seed of the run that showed it; of the control the last one.</param>
/// <param name="Seeds">So many were tried.</param>
/// <param name="Seconds">All runs together.</param>
/// <param name="Violations">What the last run broke.</param>
internal sealed record Hunted(Mutant? Mutant, ulong Seed, int Seeds, double Seconds, IReadOnlyList<Violation> Violations)
{
    /// <summary>Whether what was to be seen was seen: a fault's broken promise; of the control, none.</summary>
    public bool IsRight => Mutant is null ? Violations.Count == 0 : Violations.Any(it => it.Invariant == Mutant.Invariant);

    /// <summary>The sentence that shows it, or what else there is to say.</summary>
    public string Said => Violations.OrderByDescending(it => it.Invariant == Mutant?.Invariant).Select(static it => it.Said).FirstOrDefault("nothing was broken");

    public override string ToString() =>
        $"{Mutant?.Name ?? "none"}: {string.Join(", ", Violations.CountBy(static it => it.Invariant).Select(static it => $"I{it.Key} {it.Value} times"))}: {Said}";
}

/// <summary>Runs the checker against a program that has a fault, until it is seen.</summary>
internal static class Hunt
{
    // A device that has not caught up by now never will: nobody talks any more.
    static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(1.5);

    /// <param name="program">The one with all faults: <see cref="MutatedProgram"/>.</param>
    /// <param name="mutant">Which fault it is to have.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Hunted> RunAsync(IReadOnlyList<string> program, Mutant mutant, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        for (var seeds = 1; ; seeds++)
        {
            var seed = mutant.Shown.Seed + (ulong)seeds - 1;
            var violations = await TryAsync(program, mutant.Name, mutant.Shown, seed, ct);
            var hunted = new Hunted(mutant, seed, seeds, Stopwatch.GetElapsedTime(began).TotalSeconds, violations);
            if (hunted.IsRight || seeds == Showing.MostSeeds) return hunted;
        }
    }

    /// <summary>The same program without a fault, as often as a fault would get its chance, or until it breaks something: without this a catch
    /// would say nothing.</summary>
    public static async Task<Hunted> ControlAsync(IReadOnlyList<string> program, Showing shown, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        for (var seeds = 1; ; seeds++)
        {
            var seed = shown.Seed + (ulong)seeds - 1;
            var violations = await TryAsync(program, "", shown, seed, ct);
            if (violations.Count > 0 || seeds == Showing.MostSeeds)
                return new Hunted(null, seed, seeds, Stopwatch.GetElapsedTime(began).TotalSeconds, violations);
        }
    }

    static async Task<IReadOnlyList<Violation>> TryAsync(
        IReadOnlyList<string> program, string name, Showing shown, ulong seed, CancellationToken ct)
    {
        var result = await Check.RunAsync(PlanMaker.Make(seed, shown.Size), program, postgres: null, ct, options => options with
        {
            AnswerWithin = s_answerWithin, Variables = new Dictionary<string, string> { [MutatedSource.Variable] = name },
        });
        return result.Violations;
    }
}
