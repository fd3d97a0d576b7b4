using System.Data.Common;
using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>Reads a person's own places: their memberships with read marks and what is unread.</summary>
/// <remarks>Asked for whoever comes, ten thousand at once after a restart: mapped by hand over statements that stay prepared
/// (docs/decisions/0006).</remarks>
internal sealed class PlaceStore
{
    // Unread is derived, never stored: others' texts above the mark, counted in the index messages_unread from the mark on.
    const string Unread = """
        (SELECT COUNT(*) FROM messages t
         WHERE t.room_id = m.room_id AND t.seq > m.mark AND t.author_id <> m.user_id AND t.kind = 'text' AND t.deleted_at IS NULL)
        """;

    // In the key of mentions: rows of the person and of everybody, from the mark on. A message that names both counts once.
    const string Mentions = """
        (SELECT COUNT(DISTINCT n.seq) FROM mentions n
         WHERE n.room_id = m.room_id AND n.user_id IN (m.user_id, 0) AND n.seq > m.mark AND n.author_id <> m.user_id)
        """;

    const string Columns = $"""
        m.joined, m.mark, m.person_rev, m.level, m.moderator, {Unread} AS unread, {Mentions} AS mentions,
        r.id, r.kind, r.name, r.topic, r.creator_id, r.direct_key, r.is_general, r.created_at, r.archived_at,
        r.first_seq, r.last_seq, r.rev, r.last_rev, r.slow_mode, r.locked, r.retention_days
        """;

    const string Joined = "SELECT room_id FROM memberships WHERE user_id = @user AND joined = 1";

    // By the index (user_id, person_rev), then each room by its key: one query, however many rooms.
    const string List = $"""
        SELECT {Columns} FROM memberships m JOIN rooms r ON r.id = m.room_id
        WHERE m.user_id = @user AND m.joined = 1 ORDER BY r.id
        """;

    const string One = $"""
        SELECT {Columns} FROM memberships m JOIN rooms r ON r.id = m.room_id WHERE m.room_id = @room AND m.user_id = @user
        """;

    const string Changed = $"""
        SELECT {Columns} FROM memberships m JOIN rooms r ON r.id = m.room_id
        WHERE m.user_id = @user AND m.person_rev > @rev ORDER BY m.person_rev LIMIT @limit
        """;

    const string Head = "SELECT last_rev FROM users WHERE id = @user";

    // Neither database has the other's way to make rows of a list. Each id is looked up by the key.
    const string HeadsSqlite = "SELECT id, last_rev FROM users WHERE id IN (SELECT value FROM json_each(@ids))";
    const string HeadsPostgres = "SELECT id, last_rev FROM users WHERE id = ANY (CAST(string_to_array(btrim(@ids, '[]'), ',') AS bigint[]))";

    /// <summary>The ids of the rooms that a person is in.</summary>
    public ValueTask<List<long>> JoinedAsync(Session session, long userId) =>
        session.ListAsync(Joined, static row => row.GetInt64(0), ("@user", userId));

    /// <summary>All rooms that a person is in.</summary>
    public ValueTask<List<Place>> ListAsync(Session session, long userId) =>
        session.ListAsync(List, static row => PlaceRow.Read(row).ToPlace(), ("@user", userId));

    /// <summary>A person's place in one room, also one that ended; null: they never had one.</summary>
    public async Task<Place?> FindAsync(Session session, long userId, long roomId) =>
        (await RowAsync(session, userId, roomId))?.ToPlace();

    /// <summary>Places whose present form is newer than a revision of the person's stream, by revision.</summary>
    public ValueTask<List<Place>> ChangedAsync(Session session, long userId, long after, int limit) =>
        session.ListAsync(Changed, static row => PlaceRow.Read(row).ToPlace(), ("@user", userId), ("@rev", after), ("@limit", limit));

    /// <summary>A room's unread state; null for those who never were in it.</summary>
    public async Task<ReadState?> ReadStateAsync(Session session, long userId, long roomId) =>
        await RowAsync(session, userId, roomId) is { } row
            ? new ReadState(roomId, row.Mark, row.Unread, row.Room.LastRev, row.PersonRev, row.Mentions)
            : null;

    /// <summary>How far people's own streams have come.</summary>
    public ValueTask<List<StreamHead>> HeadsAsync(Session session, IReadOnlyCollection<long> userIds) => session.ListAsync(
        session.Dialect is Dialect.Sqlite ? HeadsSqlite : HeadsPostgres, static row => new StreamHead(row.GetInt64(0), row.GetInt64(1)),
        ("@ids", $"[{string.Join(',', userIds)}]"));

    /// <summary>The head of a person's own stream.</summary>
    public ValueTask<long> HeadAsync(Session session, long userId) => session.ScalarAsync<long>(Head, ("@user", userId));

    static ValueTask<PlaceRow?> RowAsync(Session session, long userId, long roomId) =>
        session.FirstOrDefaultAsync(One, PlaceRow.Read, ("@room", roomId), ("@user", userId));
}

/// <summary>A membership with its room.</summary>
internal sealed record PlaceRow(bool Joined, long Mark, long PersonRev, string? Level, bool Moderator, long Unread, long Mentions, RoomRow Room)
{
    public static PlaceRow Read(DbDataReader row) => new(
        row.GetInt64(0) == 1, row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt64(4) == 1,
        row.GetInt64(5), row.GetInt64(6), RoomRow.Read(row, 7));

    public Place ToPlace() => Joined
        ? new Place(
            Room.Id, true, Mark, Unread, Room.LastSeq, Room.LastRev, Room.ToRoom(), PersonRev, Mentions, Levels.Of(Level, Room.RoomKind),
            Moderator ? true : null)
        : Ended(Room.Id, PersonRev);

    /// <summary>A place that somebody has no longer.</summary>
    public static Place Ended(long roomId, long rev) => new(roomId, false, 0, 0, 0, 0, null, rev, 0, RoomLevel.Mentions);
}
