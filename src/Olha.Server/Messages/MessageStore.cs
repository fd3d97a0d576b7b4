using System.Data.Common;
using System.Text.Json;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>What the first try of a post left: enough to answer it again, whatever has become of the message since.</summary>
internal sealed record FirstPost(long Id, long RoomId, long Seq, DateTimeOffset CreatedAt, byte[] BodyHash);

/// <summary>All SQL that touches <c>messages</c>. Mapped by hand: this is the hot path.</summary>
internal sealed class MessageStore
{
    const string Columns = "id, room_id, seq, rev, author_id, cid, kind, body, created_at, edited_at, deleted_at";

    // The unique index (cid, author_id) answers it.
    const string ByCid = """
        SELECT id, room_id, seq, created_at, body_hash FROM messages WHERE author_id = @author AND cid = @cid
        """;

    const string Insert = """
        INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at)
        VALUES (@room, @seq, @rev, @author, @cid, @kind, @body, @hash, @now)
        RETURNING id
        """;

    // No row: the author has used the cid. SQLite returns rows by way of a table that it makes for them.
    const string InsertOnceSqlite = """
        INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at)
        VALUES (@room, @seq, @rev, @author, @cid, 'text', @body, @hash, @now)
        ON CONFLICT (author_id, cid) DO NOTHING
        """;

    const string InsertOncePostgres = $"""
        {InsertOnceSqlite}
        RETURNING id
        """;

    const string One = $"SELECT {Columns} FROM messages WHERE room_id = @room AND seq = @seq";

    // These two walk the unique index (room_id, seq) from a key, never an offset:
    // the thousandth page costs what the first does.
    const string Below = $"""
        SELECT {Columns} FROM messages WHERE room_id = @room AND seq < @seq ORDER BY seq DESC LIMIT @limit
        """;

    const string Above = $"""
        SELECT {Columns} FROM messages WHERE room_id = @room AND seq > @seq ORDER BY seq LIMIT @limit
        """;

    // The unique index (room_id, rev): what was missed, in the order in which it came to be.
    const string Changed = $"""
        SELECT {Columns} FROM messages WHERE room_id = @room AND rev > @rev ORDER BY rev LIMIT @limit
        """;

    public ValueTask<FirstPost?> FindByCidAsync(Session session, long authorId, string cid) =>
        session.FirstOrDefaultAsync(ByCid, ReadFirst, ("@author", authorId), ("@cid", cid));

    /// <returns>The new message's id; null: there is one with this cid.</returns>
    public ValueTask<long?> AddTextAsync(Transaction tx, long roomId, long seq, long rev, long authorId, Draft draft, DateTimeOffset now)
    {
        ReadOnlySpan<(string, object?)> row =
        [
            ("@room", roomId), ("@seq", seq), ("@rev", rev), ("@author", authorId), ("@cid", draft.Cid),
            ("@body", draft.Body), ("@hash", draft.BodyHash), ("@now", now.ToUnixTimeMilliseconds()),
        ];
        return tx.Dialect == Dialect.Sqlite ? tx.InsertAsync(InsertOnceSqlite, row) : tx.ScalarAsync<long?>(InsertOncePostgres, row);
    }

    /// <summary>System lines are stored as their parameters; the reader's language makes the sentence.</summary>
    public ValueTask<long> AddLineAsync(Transaction tx, long roomId, long seq, long rev, long actorId, SystemLine line, DateTimeOffset now) =>
        tx.ScalarAsync<long>(Insert, ("@room", roomId), ("@seq", seq), ("@rev", rev), ("@author", actorId), ("@cid", null),
            ("@kind", "system"), ("@body", JsonSerializer.Serialize(line, ProtocolJson.Wire.SystemLine)), ("@hash", null),
            ("@now", now.ToUnixTimeMilliseconds()));

    public ValueTask<Message?> FindAsync(Session session, long roomId, long seq) =>
        session.FirstOrDefaultAsync(One, Read, ("@room", roomId), ("@seq", seq));

    /// <summary>Messages below a place, newest first.</summary>
    public ValueTask<List<Message>> BelowAsync(Session session, long roomId, long seq, int limit) =>
        session.ListAsync(Below, Read, ("@room", roomId), ("@seq", seq), ("@limit", (long)limit));

    /// <summary>Messages above a place, oldest first.</summary>
    public ValueTask<List<Message>> AboveAsync(Session session, long roomId, long seq, int limit) =>
        session.ListAsync(Above, Read, ("@room", roomId), ("@seq", seq), ("@limit", (long)limit));

    /// <summary>Messages whose present form is newer than a revision, by revision.</summary>
    public ValueTask<List<Message>> ChangedAsync(Session session, long roomId, long rev, int limit) =>
        session.ListAsync(Changed, Read, ("@room", roomId), ("@rev", rev), ("@limit", (long)limit));

    static FirstPost ReadFirst(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), Time(row, 3), row.GetFieldValue<byte[]>(4));

    static Message Read(DbDataReader row)
    {
        var text = row.GetString(6) == "text";
        var body = row.IsDBNull(7) ? null : row.GetString(7);
        return new Message(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.IsDBNull(5) ? null : row.GetString(5), text ? MessageKind.Text : MessageKind.System,
            text ? body : null, text || body is null ? null : JsonSerializer.Deserialize(body, ProtocolJson.Wire.SystemLine),
            Time(row, 8), row.IsDBNull(9) ? null : Time(row, 9), row.IsDBNull(10) ? null : Time(row, 10));
    }

    static DateTimeOffset Time(DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
