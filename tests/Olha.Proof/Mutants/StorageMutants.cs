namespace Olha.Proof;

/// <summary>Faults of what is kept: commits, numbers, keys.</summary>
internal static class StorageMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("acknowledged-before-commit",
            "Changes are told and posts acknowledged before the commit, which follows a moment later: a crash in between takes back what was promised.",
            Invariant: 7, Showing.Run,
            [
                new("Olha.Storage/Sqlite/SqliteWriter.cs",
                    """
                    committing = true;
                    link.Commit();
                    """,
                    """
                    committing = true;
                    if ($on)
                    {
                        _committed = (start, units.Length);
                        _runAnnouncements(_announceAll);
                        Complete(units);
                        Thread.Sleep(25); // the window is as wide as a slow disk makes it
                    }
                    link.Commit();
                    """),
                new("Olha.Storage/Sqlite/SqliteWriter.cs",
                    """
                    _runAnnouncements(_announceAll);
                    Complete(units);
                    """,
                    """
                    if (!$on) _runAnnouncements(_announceAll);
                    Complete(units);
                    """),
            ]),

        new("cid-not-unique",
            "The database has no unique index on an author's cids, and nobody looks whether one was used: a repeated post is stored again.",
            Invariant: 1, Showing.Run,
            [
                new("Olha.Storage/Sqlite/SqliteDatabase.cs",
                    "epoch = SqliteEpoch.Renew(connection, path);",
                    """
                    if ($on)
                    {
                        using var drop = connection.CreateCommand();
                        drop.CommandText = "DROP INDEX IF EXISTS messages_cid";
                        drop.ExecuteNonQuery();
                    }
                    epoch = SqliteEpoch.Renew(connection, path);
                    """),
                new("Olha.Server/Messages/MessageStore.cs",
                    "const string InsertOnceSqlite = \"\"\"",
                    """"
                    static readonly string InsertAgain = InsertOnceSqlite.Replace("ON CONFLICT (author_id, cid) DO NOTHING", "");

                    const string InsertOnceSqlite = """
                    """"),
                new("Olha.Server/Messages/MessageStore.cs",
                    """InsertOnceSqlite, ("@room", roomId), ("@seq", seq),""",
                    """$on ? InsertAgain : InsertOnceSqlite, ("@room", roomId), ("@seq", seq),"""),
            ]),

        new("synchronous-normal",
            "The writer's connection does not wait for the disk: a commit is only in the kernel's memory when it is acknowledged.",
            Invariant: 1, new Showing(PowerCut: true),
            [
                new("Olha.Storage/Sqlite/SqliteLink.cs",
                    "new(Open(path, SqlitePragmas.Writer), \"BEGIN IMMEDIATE\");",
                    """
                    new(Open(path, $on ? SqlitePragmas.Writer.Replace("synchronous = FULL", "synchronous = NORMAL") : SqlitePragmas.Writer), "BEGIN IMMEDIATE");
                    """),
            ]),

        new("numbered-outside-the-transaction",
            "A post's seq and rev are taken in a transaction of their own, before the one that stores it: who reads in between takes a number for "
            + "complete whose message is still to come, and a post that is refused leaves a hole.",
            Invariant: 2, Showing.Run,
            [
                new("Olha.Server/Messages/PostMessage.cs",
                    "return db.WriteAsync(tx => StoreAsync(tx, caller, roomId, draft, author), ct, lane, quick: lane is not null);",
                    """
                    if ($on) return NumberedFirstAsync(caller, roomId, draft, lane, author, ct);
                    return db.WriteAsync(tx => StoreAsync(tx, caller, roomId, draft, author), ct, lane, quick: lane is not null);
                    """),
                new("Olha.Server/Messages/PostMessage.cs",
                    """
                    async ValueTask<Outcome<Ack>> StoreAsync(Transaction tx, Caller caller, long roomId, Draft draft, Connection? author)
                    {
                        var run = tx.Share(_newRun);
                        var (standing, seq, rev) = run is null
                    """,
                    """
                    async ValueTask<Outcome<Ack>> NumberedFirstAsync(
                        Caller caller, long roomId, Draft draft, Lane? lane, Connection? author, CancellationToken ct)
                    {
                        var place = await db.WriteAsync(tx => TakePlaceAsync(tx, caller.UserId, roomId), ct, lane, quick: lane is not null);
                        return await db.WriteAsync(tx => StoreAsync(tx, caller, roomId, draft, author, place), ct, lane, quick: lane is not null);
                    }

                    async ValueTask<Outcome<Ack>> StoreAsync(
                        Transaction tx, Caller caller, long roomId, Draft draft, Connection? author, (Standing, long, long)? place = null)
                    {
                        var run = place is not null ? null : tx.Share(_newRun);
                        var (standing, seq, rev) = place is { } taken ? taken : run is null
                    """),
            ]),

        new("conflict-answered-as-repeat",
            "Whoever uses a cid again for other words is told that they are stored, as if it were the same post.",
            Invariant: 3, Showing.Run,
            [
                new("Olha.Server/Messages/PostMessage.cs",
                    "return first.RoomId == roomId && first.BodyHash.AsSpan().SequenceEqual(draft.BodyHash)",
                    "return $on || (first.RoomId == roomId && first.BodyHash.AsSpan().SequenceEqual(draft.BodyHash))"),
            ]),
    ];
}
