using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All SQL that removes messages for good, with all that belongs to them; what stays are their spent cids.</summary>
internal sealed class PurgeStore
{
    // A cid that another room's message took in the same moment is spent already.
    const string Spend = """
        INSERT INTO spent_cids (cid, author_id, room_id, seq, message_id, body_hash, created_at)
        SELECT cid, author_id, room_id, seq, id, body_hash, created_at FROM messages
        WHERE room_id = @room AND seq BETWEEN @first AND @last AND cid IS NOT NULL
        ON CONFLICT (cid, author_id) DO NOTHING
        """;

    const string Edits = "DELETE FROM message_edits WHERE room_id = @room AND seq BETWEEN @first AND @last";

    // The index mentions_of.
    const string Mentions = "DELETE FROM mentions WHERE room_id = @room AND seq BETWEEN @first AND @last";

    // The index saved_messages_of. All that lies below: saving takes no lock of the room's, so that on PostgreSQL a message can be saved in
    // the moment in which it is purged.
    const string Saved = "DELETE FROM saved_messages WHERE room_id = @room AND seq <= @last";

    const string Reports = "DELETE FROM reports WHERE room_id = @room AND seq BETWEEN @first AND @last";

    const string Messages = "DELETE FROM messages WHERE room_id = @room AND seq BETWEEN @first AND @last";

    /// <summary>Removes the messages from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public async ValueTask RemoveAsync(Transaction tx, long roomId, long first, long last)
    {
        await tx.ExecuteAsync(Spend, ("@room", roomId), ("@first", first), ("@last", last));
        await tx.ExecuteAsync(Edits, ("@room", roomId), ("@first", first), ("@last", last));
        await tx.ExecuteAsync(Mentions, ("@room", roomId), ("@first", first), ("@last", last));
        await tx.ExecuteAsync(Saved, ("@room", roomId), ("@last", last));
        await tx.ExecuteAsync(Reports, ("@room", roomId), ("@first", first), ("@last", last));
        await tx.ExecuteAsync(Messages, ("@room", roomId), ("@first", first), ("@last", last));
    }
}
