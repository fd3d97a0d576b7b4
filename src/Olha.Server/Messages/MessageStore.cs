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
    const string Columns = """
        id, room_id, seq, rev, author_id, cid, kind, body, created_at, edited_at, deleted_at, reply_to_seq, reply_to_author_id, mentions, reactions,
        pinned_at, pinned_by
        """;

    // The unique index (cid, author_id) answers it, and where the message was purged, the key of what is left of it.
    const string ByCid = """
        SELECT id, room_id, seq, created_at, body_hash FROM messages WHERE author_id = @author AND cid = @cid
        UNION ALL
        SELECT message_id, room_id, seq, created_at, body_hash FROM spent_cids WHERE author_id = @author AND cid = @cid
        """;

    const string Insert = """
        INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at)
        VALUES (@room, @seq, @rev, @author, @cid, @kind, @body, @hash, @now)
        RETURNING id
        """;

    // No row: the author has used the cid, be it for a message that was purged. SQLite returns rows by way of a table that it makes for them.
    const string InsertOnceSqlite = """
        INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at, reply_to_seq, reply_to_author_id, mentions)
        SELECT @room, @seq, @rev, @author, @cid, 'text', @body, @hash, @now, @reply, @replyAuthor, @mentions
        WHERE NOT EXISTS (SELECT 1 FROM spent_cids s WHERE s.cid = @cid AND s.author_id = @author)
        ON CONFLICT (author_id, cid) DO NOTHING
        """;

    const string One = $"SELECT {Columns} FROM messages WHERE room_id = @room AND seq = @seq";

    const string AuthorOf = "SELECT author_id FROM messages WHERE room_id = @room AND seq = @seq";

    // Every place has its message, tombstones included, down to the first that is kept.
    const string SaidAt = "SELECT created_at FROM messages WHERE room_id = @room AND seq = @seq";

    // Everything that can change of a message.
    const string Set = """
        UPDATE messages SET rev = @rev, body = @body, edited_at = @editedAt, deleted_at = @deletedAt, reply_to_seq = @reply,
            reply_to_author_id = @replyAuthor, mentions = @mentions, reactions = @reactions, pinned_at = @pinnedAt, pinned_by = @pinnedBy
        WHERE room_id = @room AND seq = @seq
        """;

    // The index messages_pinned.
    const string Pinned = $"""
        SELECT {Columns} FROM messages WHERE room_id = @room AND pinned_at IS NOT NULL ORDER BY pinned_at DESC, seq DESC LIMIT @limit
        """;

    const string CountPinned = "SELECT COUNT(*) FROM messages WHERE room_id = @room AND pinned_at IS NOT NULL";

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

    /// <summary>Stores a text, on SQLite; on PostgreSQL see <see cref="PostBatchStore"/>.</summary>
    /// <returns>The new message's id; null: there is one with this cid.</returns>
    public ValueTask<long?> AddTextAsync(
        Transaction tx, long roomId, long seq, long rev, long authorId, Draft draft, ReplyTo? replyTo, IReadOnlyList<long>? mentions,
        DateTimeOffset now) => tx.InsertAsync(
        InsertOnceSqlite, ("@room", roomId), ("@seq", seq), ("@rev", rev), ("@author", authorId), ("@cid", draft.Cid),
        ("@body", draft.Body), ("@hash", draft.BodyHash), ("@now", now.ToUnixTimeMilliseconds()), ("@reply", replyTo?.Seq),
        ("@replyAuthor", replyTo?.AuthorId), ("@mentions", Json(mentions)));

    /// <summary>System lines are stored as their parameters; the reader's language makes the sentence.</summary>
    public ValueTask<long> AddLineAsync(Transaction tx, long roomId, long seq, long rev, long actorId, SystemLine line, DateTimeOffset now) =>
        tx.ScalarAsync<long>(Insert, ("@room", roomId), ("@seq", seq), ("@rev", rev), ("@author", actorId), ("@cid", null),
            ("@kind", "system"), ("@body", JsonSerializer.Serialize(line, ProtocolJson.Wire.SystemLine)), ("@hash", null),
            ("@now", now.ToUnixTimeMilliseconds()));

    public ValueTask<Message?> FindAsync(Session session, long roomId, long seq) =>
        session.FirstOrDefaultAsync(One, Read, ("@room", roomId), ("@seq", seq));

    /// <summary>Who wrote a message; null: there is none at this place.</summary>
    public ValueTask<long?> AuthorOfAsync(Session session, long roomId, long seq) =>
        session.ScalarAsync<long?>(AuthorOf, ("@room", roomId), ("@seq", seq));

    /// <summary>When a message was said.</summary>
    public async ValueTask<DateTimeOffset> SaidAtAsync(Session session, long roomId, long seq) =>
        DateTimeOffset.FromUnixTimeMilliseconds(await session.ScalarAsync<long>(SaidAt, ("@room", roomId), ("@seq", seq)));

    /// <summary>Gives a text another form.</summary>
    public ValueTask<int> SetAsync(Transaction tx, Message message) => tx.ExecuteAsync(
        Set, ("@room", message.RoomId), ("@seq", message.Seq), ("@rev", message.Rev), ("@body", message.Body),
        ("@editedAt", message.EditedAt?.ToUnixTimeMilliseconds()), ("@deletedAt", message.DeletedAt?.ToUnixTimeMilliseconds()),
        ("@reply", message.ReplyTo?.Seq), ("@replyAuthor", message.ReplyTo?.AuthorId), ("@mentions", Json(message.Mentions)), ("@reactions", Json(message.Reactions)),
        ("@pinnedAt", message.PinnedAt?.ToUnixTimeMilliseconds()), ("@pinnedBy", message.PinnedBy));

    /// <summary>A room's pinned messages, the last pinned first.</summary>
    public ValueTask<List<Message>> PinnedAsync(Session session, long roomId, int limit) =>
        session.ListAsync(Pinned, Read, ("@room", roomId), ("@limit", (long)limit));

    public ValueTask<long> CountPinnedAsync(Session session, long roomId) => session.ScalarAsync<long>(CountPinned, ("@room", roomId));

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

    /// <summary>Ids as they lie in the database.</summary>
    public static string? Json(IReadOnlyList<long>? ids) => ids is null ? null : JsonSerializer.Serialize(ids, ProtocolJson.Wire.IReadOnlyListInt64);

    static string? Json(IReadOnlyList<Reaction>? reactions) =>
        reactions is null ? null : JsonSerializer.Serialize(reactions, ProtocolJson.Wire.IReadOnlyListReaction);

    /// <summary>Reads a message from its columns, which stand first in the row.</summary>
    public static Message Read(DbDataReader row)
    {
        var text = row.GetString(6) == "text";
        var body = row.IsDBNull(7) ? null : row.GetString(7);
        return new Message(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.IsDBNull(5) ? null : row.GetString(5), text ? MessageKind.Text : MessageKind.System,
            text ? body : null, text || body is null ? null : JsonSerializer.Deserialize(body, ProtocolJson.Wire.SystemLine),
            Time(row, 8), TimeOrNull(row, 9), TimeOrNull(row, 10),
            row.IsDBNull(11) ? null : new ReplyTo(row.GetInt64(11), row.GetInt64(12)),
            row.IsDBNull(13) ? null : JsonSerializer.Deserialize(row.GetString(13), ProtocolJson.Wire.IReadOnlyListInt64),
            row.IsDBNull(14) ? null : JsonSerializer.Deserialize(row.GetString(14), ProtocolJson.Wire.IReadOnlyListReaction),
            TimeOrNull(row, 15), row.IsDBNull(16) ? null : row.GetInt64(16));
    }

    static DateTimeOffset? TimeOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row, column);

    static DateTimeOffset Time(DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
