using System.Data.Common;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All SQL that touches <c>drafts</c>: what people have begun to write.</summary>
internal sealed class DraftStore
{
    const string Columns = "d.room_id, d.body, d.reply_to_seq, d.at, d.person_rev";

    const string Set = """
        INSERT INTO drafts (user_id, room_id, body, reply_to_seq, at, person_rev) VALUES (@user, @room, @body, @reply, @now, @rev)
        ON CONFLICT (user_id, room_id) DO UPDATE
        SET body = excluded.body, reply_to_seq = excluded.reply_to_seq, at = excluded.at, person_rev = excluded.person_rev
        """;

    const string Find = $"SELECT {Columns} FROM drafts d WHERE d.user_id = @user AND d.room_id = @room";

    const string List = $"""
        SELECT {Columns} FROM drafts d
        JOIN memberships m ON m.room_id = d.room_id AND m.user_id = d.user_id AND m.joined = 1
        WHERE d.user_id = @user AND d.body <> '' ORDER BY d.room_id
        """;

    const string Everything = $"SELECT {Columns} FROM drafts d WHERE d.user_id = @user AND d.body <> '' ORDER BY d.room_id";

    const string Forget = "DELETE FROM drafts WHERE user_id = @user";

    // The index drafts_rev.
    const string Changed = $"SELECT {Columns} FROM drafts d WHERE d.user_id = @user AND d.person_rev > @rev ORDER BY d.person_rev LIMIT @limit";

    const string ForgetRoom = "DELETE FROM drafts WHERE room_id = @room";

    public ValueTask<RoomDraft?> FindAsync(Session session, long userId, long roomId) =>
        session.FirstOrDefaultAsync(Find, Read, ("@user", userId), ("@room", roomId));

    public ValueTask<int> SetAsync(Transaction tx, long userId, RoomDraft draft) => tx.ExecuteAsync(
        Set, ("@user", userId), ("@room", draft.RoomId), ("@body", draft.Body), ("@reply", draft.ReplyToSeq),
        ("@now", draft.At.ToUnixTimeMilliseconds()), ("@rev", draft.Rev));

    /// <summary>The room is gone: what anybody had begun there is, too. Rare, so it may look at every draft.</summary>
    public ValueTask<int> ForgetRoomAsync(Transaction tx, long roomId) => tx.ExecuteAsync(ForgetRoom, ("@room", roomId));

    /// <summary>All that a person has begun in rooms that they are in.</summary>
    public ValueTask<List<RoomDraft>> ListAsync(Session session, long userId) => session.ListAsync(List, Read, ("@user", userId));

    /// <summary>All that a person has begun, also in rooms that they left.</summary>
    public ValueTask<List<RoomDraft>> EverythingAsync(Session session, long userId) => session.ListAsync(Everything, Read, ("@user", userId));

    public ValueTask<int> ForgetAsync(Transaction tx, long userId) => tx.ExecuteAsync(Forget, ("@user", userId));

    /// <summary>What was begun, or no longer is, after a revision of the person's stream, by revision.</summary>
    public ValueTask<List<RoomDraft>> ChangedAsync(Session session, long userId, long after, int limit) =>
        session.ListAsync(Changed, Read, ("@user", userId), ("@rev", after), ("@limit", limit));

    static RoomDraft Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        row.GetInt64(4));
}
