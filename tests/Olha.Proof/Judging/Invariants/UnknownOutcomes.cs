namespace Olha.Proof;

/// <summary>I3: a post whose outcome nobody knows is there at most once, one that was asked again until it was answered exactly once, a refused one
/// never; and a cid means its first words for ever.</summary>
internal static class UnknownOutcomes
{
    /// <summary>The server may say that it cannot just now, whatever is asked.</summary>
    const string NotNow = "unavailable";

    public static IEnumerable<Violation> Check(Evidence seen) => seen.Deeds.SelectMany(deed => deed.Act switch
    {
        Act.Post or Act.PostOnce => Post(seen, deed),
        Act.Repeat => Repeat(deed),
        Act.Contradict => Contradict(seen, deed),
        _ => [],
    });

    static IEnumerable<Violation> Post(Evidence seen, Deed deed)
    {
        var rows = RowsOf(seen, deed);
        if (rows.Count > 1) yield return Wrong(deed, $"is stored {rows.Count} times: at {string.Join(", ", rows)}", rows[^1]);
        if (deed.AllRefused && rows.Count > 0) yield return Wrong(deed, $"was refused as {Codes(deed)} and is stored at {rows[0]}", rows[0]);
        if (deed.Act != Act.Post) yield break;

        if (deed is { Yes: null, EndsRefused: false })
            yield return Wrong(deed, $"was never answered, in {deed.Attempts.Count} tries", rows.Count > 0 ? rows[0] : null);
        else if (deed is { Yes: null, EndsRefused: true, AllRefused: false } && rows.Count > 0 && !CameIn(seen, deed, rows[0]))
            yield return Wrong(deed, $"was refused in the end as {deed.Answers[^1].Code}, and is stored at {rows[0]}", rows[0]);
        else if (deed is { Yes: not null } && rows.Count == 0) yield return Wrong(deed, "was acknowledged and is not stored", null);
    }

    static IEnumerable<Violation> Repeat(Deed deed)
    {
        foreach (var refused in deed.Answers.Where(static answer => answer is { Outcome: Outcome.Refused, Code: not NotNow }))
            yield return Wrong(deed, $"had been acknowledged, and when it was asked for again it was refused as {refused.Code}", null) with
            {
                At = refused.At,
            };
    }

    static IEnumerable<Violation> Contradict(Evidence seen, Deed deed)
    {
        foreach (var answer in deed.Answers)
        {
            if (answer.Outcome == Outcome.Done)
                yield return Wrong(deed, "had been acknowledged for other words, and was acknowledged for these too", answer.Ack?.Seq) with { At = answer.At };
            else if (answer is { Outcome: Outcome.Refused, Code: not ("conflict" or NotNow) })
                yield return Wrong(deed, $"was used for other words and refused as {answer.Code} instead of conflict", null) with { At = answer.At };
        }
        foreach (var seq in seen.SeqsOf(deed.RoomId, deed.PersonId, deed.Body!).Order())
            yield return Wrong(deed, $"had been acknowledged for other words, and these were seen at {seq}", seq);
    }

    // Each attempt is looked at for itself. One over a connection that broke may still be under way when the next is refused because its author
    // is not in the room, and reach the database when they are (seed 300 on two nodes with PostgreSQL struck).
    static bool CameIn(Evidence seen, Deed deed, long seq)
    {
        var stored = seen.Rows[(deed.RoomId, seq)].First();
        return deed.Attempts.Any(attempt => deed.AnswerTo(attempt) is null)
            && seen.Stays.Of(deed.RoomId, deed.PersonId).Any(stay => stay.FromSeq < stored.Seq && stored.Seq < stay.ToSeq && stay.FromSeq > 0
                && seen.Reached(deed.RoomId, stay.FromRev) > deed.Began);
    }

    // The original's door leaves the cid to the server: there only the words tell.
    static List<long> RowsOf(Evidence seen, Deed deed) =>
    [
        .. deed.Cid is { } cid
            ? seen.Run.Truth.Messages.Where(row => row.AuthorId == deed.PersonId && row.Cid == cid).Select(static row => row.Seq)
            : seen.SeqsOf(deed.RoomId, deed.PersonId, deed.Body!).Where(seq => seen.Rows[(deed.RoomId, seq)].Any()).Order(),
    ];

    static string Codes(Deed deed) => string.Join(", ", deed.Answers.Select(static answer => answer.Code).Distinct());

    static Violation Wrong(Deed deed, string what, long? seq) => new(
        3, $"'{deed.Body}' (cid {deed.Cid ?? "of the server's"}, device {deed.Device}) {what}", deed.RoomId, seq, deed.Device,
        deed.Answers.Count > 0 ? deed.Answers[^1].At : deed.Began);
}
