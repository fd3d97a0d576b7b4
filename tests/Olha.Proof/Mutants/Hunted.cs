namespace Olha.Proof;

/// <summary>What it took to see a fault.</summary>
/// <param name="Mutant">Which one; null: none, the program as it should be.</param>
/// <param name="Seed">The seed of the last run: the one that showed it, if any did.</param>
/// <param name="Runs">So many were made.</param>
/// <param name="Seconds">All of them together.</param>
/// <param name="Violations">What the last run broke.</param>
internal sealed record Hunted(Mutant? Mutant, ulong Seed, int Runs, double Seconds, IReadOnlyList<Violation> Violations)
{
    public string Name => Mutant?.Name ?? "none";

    /// <summary>Whether it is as it has to be: a fault broke the promise that it must break, no fault broke none.</summary>
    public bool IsRight => Mutant is null ? Violations.Count == 0 : Violations.Any(it => it.Invariant == Mutant.Invariant);

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        $"{Name,-34} {Verdict,-12} {Promises,-14} seed {Seed,-3} {Runs} run{(Runs == 1 ? " " : "s")} {Seconds,5:0.0} s  {Said}";

    string Verdict => Mutant is null ? (IsRight ? "green" : "RED") : IsRight ? "seen" : "SURVIVED";

    string Promises => string.Join(' ', Violations.Select(static it => it.Invariant).Distinct().Order().Select(static it => $"I{it}"));

    // The sentence that shows it, or what else there is to say.
    string Said => Violations.OrderByDescending(it => it.Invariant == Mutant?.Invariant).Select(static it => it.Said).FirstOrDefault("");
}
