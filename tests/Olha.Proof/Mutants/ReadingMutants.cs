namespace Olha.Proof;

/// <summary>Faults of what can be read: pages, counts and marks.</summary>
internal static class ReadingMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("tombstones-counted",
            "Deleted messages above the read mark are counted as unread.",
            Invariant: 8, Showing.Run,
            [
                new("Olha.Server/Rooms/PlaceStore.cs",
                    "const string Head = \"SELECT last_rev FROM users WHERE id = @user\";",
                    """
                    const string Head = "SELECT last_rev FROM users WHERE id = @user";

                    const string Living = " AND t.deleted_at IS NULL";
                    static readonly string ListAll = List.Replace(Living, "");
                    static readonly string OneAll = One.Replace(Living, "");
                    static readonly string ChangedAll = Changed.Replace(Living, "");
                    """),
                new("Olha.Server/Rooms/PlaceStore.cs", "session.ListAsync(List, ", "session.ListAsync($on ? ListAll : List, "),
                new("Olha.Server/Rooms/PlaceStore.cs", "session.FirstOrDefaultAsync(One, ", "session.FirstOrDefaultAsync($on ? OneAll : One, "),
                new("Olha.Server/Rooms/PlaceStore.cs", "session.ListAsync(Changed, ", "session.ListAsync($on ? ChangedAll : Changed, "),
            ]),

        new("mentions-outlive-their-words",
            "An edit that no longer means somebody, and a deletion, leave their mention standing.",
            Invariant: 8, Showing.Run,
            [
                new("Olha.Server/Messages/MentionStore.cs",
                    "public ValueTask<int> ForgetAsync(Transaction tx, long roomId, long seq) => tx.ExecuteAsync(",
                    "public ValueTask<int> ForgetAsync(Transaction tx, long roomId, long seq) => $on ? new(0) : tx.ExecuteAsync("),
            ]),

        new("newest-missing-in-pages",
            "A room's newest page begins below its last message instead of with it.",
            Invariant: 7, Showing.Run,
            [
                new("Olha.Server/Messages/RoomHistory.cs",
                    "var before = query.Before ?? long.MaxValue;",
                    "var before = query.Before ?? ($on ? room.LastSeq : long.MaxValue);"),
            ]),

        new("older-device-wins",
            "A read mark is moved whatever mark the device believed in: one with old news undoes what another one read since.",
            Invariant: 8, Showing.Readers,
            [
                new("Olha.Server/Rooms/MoveReadMark.cs",
                    "(replaces != standing.Mark ?",
                    "(!$on && replaces != standing.Mark ?"),
            ]),
    ];
}
