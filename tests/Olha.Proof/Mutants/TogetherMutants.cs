namespace Olha.Proof;

/// <summary>Faults of posts that are stored together, which they are on PostgreSQL only.</summary>
internal static class TogetherMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("together-acknowledged-before-commit",
            "Changes are told and posts acknowledged before the commit, which follows a moment later: who reads in between is told less than they know.",
            Invariant: 7, Showing.Together,
            [
                new("Olha.Storage/Postgres/PostgresDatabase.cs",
                    "if (transaction.Last is { } last) await link.CommitAsync(last);",
                    """
                    if ($on && announcements is not null)
                    {
                        Announce(announcements);
                        await Task.Delay(25); // the window is as wide as a slow disk makes it
                    }
                    if (transaction.Last is { } last) await link.CommitAsync(last);
                    """),
                new("Olha.Storage/Postgres/PostgresDatabase.cs",
                    "committed ? () => Announce(announcements!) : null",
                    "committed && !$on ? () => Announce(announcements!) : null"),
            ]),

        new("together-conflict-answered-as-repeat",
            "Whoever uses a cid again for other words is told that they are stored, as if it were the same post.",
            Invariant: 3, Showing.Together,
            [
                new("Olha.Server/Messages/StorePosts.cs",
                    "return first.RoomId == post.RoomId && first.BodyHash.AsSpan().SequenceEqual(post.Draft.BodyHash)",
                    "return $on || (first.RoomId == post.RoomId && first.BodyHash.AsSpan().SequenceEqual(post.Draft.BodyHash))"),
            ]),

        new("together-revisions-given-twice",
            "A room to which several posts came together is written with one revision less than they took: the next change gets the last one's again.",
            Invariant: 2, Showing.Together,
            [
                new("Olha.Server/Messages/StorePosts.cs",
                    "Array.ConvertAll(rooms, static it => it.LastRev));",
                    "Array.ConvertAll(rooms, it => it.LastRev - ($on && placed.Count(post => post.RoomId == it.Id) > 1 ? 1 : 0)));"),
            ]),
    ];
}
