using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>The SQL on <c>messages</c> of posts that are stored together, on PostgreSQL: a statement for all of them.</summary>
internal static class PostBatchStore
{
    // As MessageStore's ByCid, for many: the index (cid, author_id), and the key of what a purge left.
    const string FirstsPostgres = """
        SELECT d.author_id, d.cid, f.id, f.room_id, f.seq, f.created_at, f.body_hash
        FROM unnest(@authors::bigint[], @cids::text[]) AS d (author_id, cid)
        CROSS JOIN LATERAL (
            SELECT id, room_id, seq, created_at, body_hash FROM messages WHERE cid = d.cid AND author_id = d.author_id
            UNION ALL
            SELECT message_id, room_id, seq, created_at, body_hash FROM spent_cids WHERE cid = d.cid AND author_id = d.author_id
        ) AS f
        """;

    // Ids that are taken and not used are never used: nothing asks for them to be dense.
    const string NextIdsPostgres = """
        SELECT nextval(pg_get_serial_sequence('messages', 'id')) FROM generate_series(1, @count)
        """;

    const string AuthorsPostgres = """
        SELECT m.room_id, m.seq, m.author_id
        FROM unnest(@rooms::bigint[], @seqs::bigint[]) AS p (room_id, seq)
        JOIN messages m ON m.room_id = p.room_id AND m.seq = p.seq
        """;

    // A cid that its author has used meanwhile in another room breaks the unique index, and with it the batch, which is tried again.
    const string InsertPostgres = """
        INSERT INTO messages (id, room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at, reply_to_seq, reply_to_author_id, mentions)
        SELECT id, room_id, seq, rev, author_id, cid, 'text', body, body_hash, @now, reply_to_seq, reply_to_author_id, mentions
        FROM unnest(@ids::bigint[], @rooms::bigint[], @seqs::bigint[], @revs::bigint[], @authors::bigint[], @cids::text[], @bodies::text[],
                    @hashes::bytea[], @replies::bigint[], @replyAuthors::bigint[], @mentions::text[])
            AS p (id, room_id, seq, rev, author_id, cid, body, body_hash, reply_to_seq, reply_to_author_id, mentions)
        """;

    /// <summary>What the first tries of these posts left, where there were any.</summary>
    public static void Firsts(Round round, IReadOnlyList<QueuedPost> posts, Action<(long AuthorId, string Cid), FirstPost> take) => round.Add(
        FirstsPostgres,
        row => take((row.GetInt64(0), row.GetString(1)), new FirstPost(
            row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            row.GetFieldValue<byte[]>(6))),
        ("@authors", Each(posts, static it => it.UserId)), ("@cids", Each(posts, static it => it.Draft.Cid)));

    /// <summary>Ids for new messages, ascending. After the rooms' locks, so that a room's ids rise with its places.</summary>
    public static void NextIds(Round round, int count, Action<long> take) =>
        round.Add(NextIdsPostgres, row => take(row.GetInt64(0)), ("@count", (long)count));

    /// <summary>Who wrote the messages that are answered, as far as they exist.</summary>
    public static void Authors(Round round, IReadOnlyList<QueuedPost> replies, Action<(long RoomId, long Seq), long> take) => round.Add(
        AuthorsPostgres, row => take((row.GetInt64(0), row.GetInt64(1)), row.GetInt64(2)),
        ("@rooms", Each(replies, static it => it.RoomId)), ("@seqs", Each(replies, static it => it.Draft.ReplyToSeq!.Value)));

    /// <summary>Stores new messages, in rooms whose locks the unit has, at places that are theirs.</summary>
    public static void Insert(Round round, IReadOnlyList<QueuedPost> posts, DateTimeOffset now) => round.Add(
        InsertPostgres,
        ("@ids", Each(posts, static it => it.Given!.Id)), ("@rooms", Each(posts, static it => it.RoomId)),
        ("@seqs", Each(posts, static it => it.Given!.Seq)), ("@revs", Each(posts, static it => it.Given!.Rev)),
        ("@authors", Each(posts, static it => it.UserId)), ("@cids", Each(posts, static it => it.Draft.Cid)),
        ("@bodies", Each(posts, static it => it.Draft.Body)), ("@hashes", Each(posts, static it => it.Draft.BodyHash)),
        ("@replies", Each(posts, static it => it.Given!.ReplyTo?.Seq)), ("@replyAuthors", Each(posts, static it => it.Given!.ReplyTo?.AuthorId)),
        ("@mentions", Each(posts, static it => MessageStore.Json(it.Given!.Mentions))), ("@now", now.ToUnixTimeMilliseconds()));

    static T[] Each<T>(IReadOnlyList<QueuedPost> posts, Func<QueuedPost, T> of)
    {
        var values = new T[posts.Count];
        for (var i = 0; i < values.Length; i++) values[i] = of(posts[i]);
        return values;
    }
}
