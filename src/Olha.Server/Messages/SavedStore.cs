using System.Data.Common;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>All SQL that touches <c>saved_messages</c>.</summary>
internal sealed class SavedStore
{
    /// <summary>Messages that one person may keep: all of them come with the starting state.</summary>
    public const int Most = 1000;

    const string Columns = "s.room_id, s.seq, s.saved, s.at, s.person_rev";

    const string Set = """
        INSERT INTO saved_messages (user_id, room_id, seq, saved, at, person_rev)
        VALUES (@user, @room, @seq, @saved, @now, @rev)
        ON CONFLICT (user_id, room_id, seq) DO UPDATE SET saved = excluded.saved, at = excluded.at, person_rev = excluded.person_rev
        """;

    const string Find = "SELECT saved FROM saved_messages WHERE user_id = @user AND room_id = @room AND seq = @seq";

    const string Count = "SELECT COUNT(*) FROM saved_messages WHERE user_id = @user AND saved = 1";

    // What is saved of a room that was left is kept, and comes back with it.
    const string List = $"""
        SELECT {Columns} FROM saved_messages s
        JOIN memberships m ON m.room_id = s.room_id AND m.user_id = s.user_id AND m.joined = 1
        WHERE s.user_id = @user AND s.saved = 1 ORDER BY s.at DESC, s.person_rev DESC
        """;

    const string Everything = $"SELECT {Columns} FROM saved_messages s WHERE s.user_id = @user AND s.saved = 1 ORDER BY s.at DESC, s.person_rev DESC";

    const string Forget = "DELETE FROM saved_messages WHERE user_id = @user";

    // The index saved_messages_rev.
    const string Changed = $"SELECT {Columns} FROM saved_messages s WHERE s.user_id = @user AND s.person_rev > @rev ORDER BY s.person_rev LIMIT @limit";

    public async ValueTask<bool> IsSavedAsync(Session session, long userId, long roomId, long seq) =>
        await session.ScalarAsync<long?>(Find, ("@user", userId), ("@room", roomId), ("@seq", seq)) == 1;

    public ValueTask<long> CountAsync(Session session, long userId) => session.ScalarAsync<long>(Count, ("@user", userId));

    public ValueTask<int> SetAsync(Transaction tx, long userId, SavedMessage saved) => tx.ExecuteAsync(
        Set, ("@user", userId), ("@room", saved.RoomId), ("@seq", saved.Seq), ("@saved", saved.Saved ? 1 : 0),
        ("@now", saved.At.ToUnixTimeMilliseconds()), ("@rev", saved.Rev));

    /// <summary>All that a person has saved in rooms that they are in, the last saved first.</summary>
    public ValueTask<List<SavedMessage>> ListAsync(Session session, long userId) => session.ListAsync(List, Read, ("@user", userId));

    /// <summary>All that a person has saved, also in rooms that they left.</summary>
    public ValueTask<List<SavedMessage>> EverythingAsync(Session session, long userId) => session.ListAsync(Everything, Read, ("@user", userId));

    public ValueTask<int> ForgetAsync(Transaction tx, long userId) => tx.ExecuteAsync(Forget, ("@user", userId));

    /// <summary>What was saved, or let go, after a revision of the person's stream, by revision.</summary>
    public ValueTask<List<SavedMessage>> ChangedAsync(Session session, long userId, long after, int limit) =>
        session.ListAsync(Changed, Read, ("@user", userId), ("@rev", after), ("@limit", limit));

    static SavedMessage Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) == 1, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), row.GetInt64(4));
}
