using System.Data.Common;
using System.Text.Json;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>What one person said and put under messages, room by room.</summary>
internal sealed class OwnMessageStore
{
    const string Columns = """
        id, room_id, seq, rev, author_id, cid, kind, body, created_at, edited_at, deleted_at, reply_to_seq, reply_to_author_id, mentions, reactions,
        pinned_at, pinned_by
        """;

    // Both find the author in the index messages_unread, without a look at the rows of others.
    const string Texts = $"""
        SELECT {Columns} FROM messages
        WHERE room_id = @room AND seq > @after AND author_id = @author AND kind = 'text' AND deleted_at IS NULL
        ORDER BY seq LIMIT @limit
        """;

    const string Places = """
        SELECT seq FROM messages
        WHERE room_id = @room AND seq > @after AND author_id = @author AND kind = 'text' AND deleted_at IS NULL AND created_at <= @until
        ORDER BY seq LIMIT @limit
        """;

    // There is no index of who reacted: bounded by places, so that no read is long.
    const string Reacted = "SELECT seq, reactions FROM messages WHERE room_id = @room AND seq > @after AND seq <= @until AND reactions IS NOT NULL ORDER BY seq";

    /// <summary>A person's texts above a place, oldest first.</summary>
    public ValueTask<List<Message>> TextsAsync(Session session, long roomId, long authorId, long after, int limit) => session.ListAsync(
        Texts, MessageStore.Read, ("@room", roomId), ("@after", after), ("@author", authorId), ("@limit", limit));

    /// <summary>The places of a person's texts above a place, ascending.</summary>
    public ValueTask<List<long>> PlacesAsync(Session session, long roomId, long authorId, long after, DateTimeOffset until, int limit) =>
        session.ListAsync(
            Places, static row => row.GetInt64(0), ("@room", roomId), ("@after", after), ("@author", authorId),
            ("@until", until.ToUnixTimeMilliseconds()), ("@limit", limit));

    /// <summary>The emoji that a person put under messages between two places.</summary>
    public async ValueTask<List<(long Seq, string Emoji)>> ReactionsAsync(Session session, long roomId, long userId, long after, long until)
    {
        var rows = await session.ListAsync(Reacted, ReadReactions, ("@room", roomId), ("@after", after), ("@until", until));
        return
        [
            .. from row in rows
               from reaction in row.Reactions
               where reaction.UserIds.Contains(userId)
               select (row.Seq, reaction.Emoji),
        ];
    }

    static (long Seq, IReadOnlyList<Reaction> Reactions) ReadReactions(DbDataReader row) =>
        (row.GetInt64(0), JsonSerializer.Deserialize(row.GetString(1), ProtocolJson.Wire.IReadOnlyListReaction)!);
}
