using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All SQL that touches <c>message_edits</c>: the bodies that were replaced.</summary>
internal sealed class EditStore
{
    const string Insert = "INSERT INTO message_edits (room_id, seq, rev, at, body) VALUES (@room, @seq, @rev, @at, @body)";

    const string Former = "SELECT body, at FROM message_edits WHERE room_id = @room AND seq = @seq ORDER BY rev";

    const string Forget = "DELETE FROM message_edits WHERE room_id = @room AND seq = @seq";

    /// <summary>Keeps a body that is about to be replaced.</summary>
    /// <param name="tx">The unit that replaces it.</param>
    /// <param name="message">The message with its former body and the revision that gives it another.</param>
    public ValueTask<int> AddAsync(Transaction tx, Message message) => tx.ExecuteAsync(
        Insert, ("@room", message.RoomId), ("@seq", message.Seq), ("@rev", message.Rev), ("@body", message.Body),
        ("@at", (message.EditedAt ?? message.CreatedAt).ToUnixTimeMilliseconds()));

    /// <summary>The bodies that a message had before its present one, the oldest first.</summary>
    public ValueTask<List<FormerBody>> ListAsync(Session session, long roomId, long seq) => session.ListAsync(
        Former, static row => new FormerBody(row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
        ("@room", roomId), ("@seq", seq));

    public ValueTask<int> ForgetAsync(Transaction tx, long roomId, long seq) => tx.ExecuteAsync(Forget, ("@room", roomId), ("@seq", seq));
}
