namespace Olha.Proof;

/// <summary>Says whether what was seen in a run is what is promised: the invariants at the end of section 4 of the design.</summary>
internal static class Judge
{
    /// <summary>So many of one invariant are enough to see what is wrong.</summary>
    const int MostOfOne = 25;

    /// <summary>Everything that was broken, by invariant; empty: the run is clean.</summary>
    public static IReadOnlyList<Violation> Verdict(Run run)
    {
        var seen = new Evidence(run);
        return
        [
            .. NothingBroken.Check(seen).Concat(run.Unfinished).Concat(AcknowledgedOnce.Check(seen)).Concat(StreamsWhole.Check(seen)).Concat(UnknownOutcomes.Check(seen))
                .Concat(AuthorsOrder.Check(seen)).Concat(OneOrder.Check(seen)).Concat(MembersOnly.Check(seen)).Concat(ReadableEverywhere.Check(seen))
                .Concat(CountsRight.Check(seen)).Concat(MarksMoved.Check(seen))
                .GroupBy(static violation => violation.Invariant).OrderBy(static of => of.Key).SelectMany(static of => of.Take(MostOfOne)),
        ];
    }
}
