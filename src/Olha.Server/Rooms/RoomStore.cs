using Dapper;
using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>The rooms' own rows and the heads of their streams.</summary>
internal sealed class RoomStore
{
    const string Columns =
        """
        id, kind, name, topic, creator_id, direct_key, is_general, created_at, archived_at, first_seq, last_seq, rev, last_rev,
        slow_mode, locked, retention_days
        """;

    const string Advance = $"""
        UPDATE rooms SET last_rev = last_rev + @revs, last_seq = last_seq + @seqs WHERE id = @room AND deleted_at IS NULL
        RETURNING {Columns}
        """;

    const string SetHeads = "UPDATE rooms SET last_rev = @rev, last_seq = @seq WHERE id = @room";

    // Whoever locks several rooms locks them by id, so that nobody waits in a circle. What is read is what the last one to hold the lock left.
    const string LockPostgres = $"""
        SELECT {Columns} FROM rooms WHERE id = ANY (@rooms) AND deleted_at IS NULL ORDER BY id FOR NO KEY UPDATE
        """;

    const string SetManyHeadsPostgres = """
        UPDATE rooms SET last_rev = h.rev, last_seq = h.seq FROM unnest(@rooms::bigint[], @revs::bigint[], @seqs::bigint[]) AS h (id, rev, seq) WHERE rooms.id = h.id
        """;

    const string Find = $"SELECT {Columns} FROM rooms WHERE id = @room AND deleted_at IS NULL";

    const string FindDirect = $"SELECT {Columns} FROM rooms WHERE direct_key = @key";

    const string FindGeneral = "SELECT id FROM rooms WHERE is_general = 1";

    // Neither database has the other's way to make rows of a list. Each id is looked up by the key.
    const string HeadsSqlite = "SELECT id, last_rev FROM rooms WHERE id IN (SELECT value FROM json_each(@ids)) AND deleted_at IS NULL";
    const string HeadsPostgres = """
        SELECT id, last_rev FROM rooms
        WHERE id = ANY (CAST(string_to_array(btrim(@ids, '[]'), ',') AS bigint[])) AND deleted_at IS NULL
        """;

    const string CountNamed = "SELECT COUNT(*) FROM rooms WHERE kind = 'open' AND name_key = @key AND id <> @except";

    const string Insert = """
        INSERT INTO rooms (kind, name, name_key, topic, creator_id, created_at, rev, last_rev)
        VALUES (@kind, @name, @key, @topic, @creator, @now, 1, 1)
        RETURNING id
        """;

    const string InsertDirect = """
        INSERT INTO rooms (kind, direct_key, creator_id, created_at, rev, last_rev)
        VALUES ('direct', @key, @creator, @now, 1, 1)
        ON CONFLICT (direct_key) DO NOTHING
        RETURNING id
        """;

    const string Set = """
        UPDATE rooms SET name = @name, name_key = @key, topic = @topic, archived_at = @archivedAt, slow_mode = @slowMode, locked = @locked,
            retention_days = @retentionDays, rev = @rev
        WHERE id = @room
        """;

    // A deleted room gives its name back.
    const string SetDeleted = "UPDATE rooms SET deleted_at = @now, name_key = NULL WHERE id = @room";

    const string SetFirst = "UPDATE rooms SET first_seq = @first, rev = @rev WHERE id = @room";

    const string FindDeleted = $"SELECT {Columns} FROM rooms WHERE id = @room AND deleted_at IS NOT NULL";

    // Each place has its message, so the first one that is kept tells whether any is too old: one look a room.
    const string Due = """
        SELECT r.id FROM rooms r
        WHERE r.first_seq <= r.last_seq
          AND (r.deleted_at IS NOT NULL
               OR (COALESCE(r.retention_days, @serverDays) > 0
                   AND EXISTS (SELECT 1 FROM messages m WHERE m.room_id = r.id AND m.seq = r.first_seq
                               AND m.created_at < @now - COALESCE(r.retention_days, @serverDays) * 86400000)))
        ORDER BY r.id
        """;

    /// <summary>How far the streams of rooms have come.</summary>
    public ValueTask<List<StreamHead>> HeadsAsync(Session session, IReadOnlyCollection<long> ids) => session.ListAsync(
        session.Dialect is Dialect.Sqlite ? HeadsSqlite : HeadsPostgres, static row => new StreamHead(row.GetInt64(0), row.GetInt64(1)),
        ("@ids", $"[{string.Join(',', ids)}]"));

    /// <summary>Takes the next <paramref name="revs"/> revisions and <paramref name="seqs"/> places, and with them the room's
    /// lock until the unit ends: whoever checks a standing afterwards checks what stays true.</summary>
    /// <returns>The row with its new heads; null: there is no such room. Its <c>Rev</c> is still the row's own.</returns>
    /// <remarks>Hot path: every post begins with it. Mapped by hand over a statement that stays prepared.</remarks>
    public ValueTask<RoomRow?> AdvanceAsync(Transaction tx, long roomId, int revs, int seqs) =>
        tx.FirstOrDefaultAsync(Advance, static row => RoomRow.Read(row, 0), ("@revs", revs), ("@seqs", seqs), ("@room", roomId));

    /// <summary>Writes heads that were taken one by one in memory. On SQLite, where nobody else can have taken any.</summary>
    public ValueTask<int> SetHeadsAsync(Transaction tx, long roomId, long seq, long rev) =>
        tx.ExecuteAsync(SetHeads, ("@rev", rev), ("@seq", seq), ("@room", roomId));

    /// <summary>Takes the locks of these rooms, ascending, until the unit ends; a room that is not there is left out.</summary>
    public static void Lock(Round round, long[] rooms, Action<RoomRow> take) =>
        round.Add(LockPostgres, row => take(RoomRow.Read(row, 0)), ("@rooms", rooms));

    /// <summary>Writes heads of rooms whose locks the unit has.</summary>
    public static void SetManyHeads(Round round, long[] rooms, long[] seqs, long[] revs) =>
        round.Add(SetManyHeadsPostgres, ("@rooms", rooms), ("@revs", revs), ("@seqs", seqs));

    public Task<RoomRow?> FindAsync(Session session, long roomId) =>
        session.Connection.QueryFirstOrDefaultAsync<RoomRow>(Find, new { room = roomId }, session.DbTransaction);

    public Task<RoomRow?> FindDirectAsync(Session session, string key) =>
        session.Connection.QueryFirstOrDefaultAsync<RoomRow>(FindDirect, new { key }, session.DbTransaction);

    /// <summary>The id of the room that everybody is in.</summary>
    public Task<long> GeneralAsync(Session session) =>
        session.Connection.QuerySingleAsync<long>(FindGeneral, transaction: session.DbTransaction);

    /// <summary>Whether another open room has this name, whatever the case. Under the server row's lock, which everybody takes who
    /// gives an open room a name.</summary>
    public async Task<bool> IsNameTakenAsync(Transaction tx, string name, long? exceptRoomId) =>
        await tx.Connection.ExecuteScalarAsync<long>(
            CountNamed, new { key = PlainLine.Fold(name), except = exceptRoomId ?? 0 }, tx.DbTransaction) > 0;

    /// <summary>A new open or closed room, at its first revision.</summary>
    public Task<long> AddAsync(Transaction tx, RoomKind kind, string name, string? topic, long creatorId, DateTimeOffset now) =>
        tx.Connection.QuerySingleAsync<long>(Insert, new
        {
            kind = Kinds.Word(kind), name, key = PlainLine.Fold(name), topic, creator = creatorId, now = now.ToUnixTimeMilliseconds(),
        }, tx.DbTransaction);

    /// <summary>A new direct room, at its first revision; null when somebody was faster.</summary>
    public Task<long?> AddDirectAsync(Transaction tx, string key, long creatorId, DateTimeOffset now) =>
        tx.Connection.QueryFirstOrDefaultAsync<long?>(
            InsertDirect, new { key, creator = creatorId, now = now.ToUnixTimeMilliseconds() }, tx.DbTransaction);

    /// <summary>Gives the room's own row a new form.</summary>
    public Task SetAsync(Transaction tx, RoomRow room) =>
        tx.Connection.ExecuteAsync(Set, new
        {
            room = room.Id, name = room.Name, key = PlainLine.Fold(room.Name!), topic = room.Topic, archivedAt = room.ArchivedAt,
            slowMode = room.SlowMode, locked = room.IsLocked, retentionDays = room.RetentionDays, rev = room.Rev,
        }, tx.DbTransaction);

    /// <summary>From now on there is no such room; its row stays, because ids are never given again.</summary>
    public ValueTask<int> SetDeletedAsync(Transaction tx, long roomId, DateTimeOffset now) =>
        tx.ExecuteAsync(SetDeleted, ("@now", now.ToUnixTimeMilliseconds()), ("@room", roomId));

    /// <summary>The room keeps no message below <paramref name="first"/> any more.</summary>
    public ValueTask<int> SetFirstAsync(Transaction tx, long roomId, long first, long rev) =>
        tx.ExecuteAsync(SetFirst, ("@first", first), ("@rev", rev), ("@room", roomId));

    /// <summary>What is left of a deleted room; null: it was not deleted.</summary>
    public ValueTask<RoomRow?> FindDeletedAsync(Session session, long roomId) =>
        session.FirstOrDefaultAsync(FindDeleted, static row => RoomRow.Read(row, 0), ("@room", roomId));

    /// <summary>Rooms with messages that are to be removed for good: too old ones, and all of deleted rooms.</summary>
    /// <param name="session">The snapshot.</param>
    /// <param name="serverDays">How long messages are kept where a room says nothing else; 0: for ever.</param>
    /// <param name="now">When it is.</param>
    public ValueTask<List<long>> DueAsync(Session session, long serverDays, DateTimeOffset now) => session.ListAsync(
        Due, static row => row.GetInt64(0), ("@serverDays", serverDays), ("@now", now.ToUnixTimeMilliseconds()));
}
