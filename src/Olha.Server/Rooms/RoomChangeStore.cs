using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>What changed in a room besides its messages: its own row and its memberships.</summary>
internal sealed class RoomChangeStore(RoomStore rooms)
{
    // The index (room_id, rev): memberships in the order in which they came to be what they are.
    const string Members = """
        SELECT user_id, joined, since, rev, moderator FROM memberships WHERE room_id = @room AND rev > @rev ORDER BY rev LIMIT @limit
        """;

    /// <summary>The room's row as it is, whatever its revision; null: there is no such room.</summary>
    public Task<RoomRow?> RoomAsync(Session session, long roomId) => rooms.FindAsync(session, roomId);

    /// <summary>Memberships whose present form is newer than a revision, by revision.</summary>
    public ValueTask<List<Member>> MembersAfterAsync(Session session, long roomId, long rev, int limit) => session.ListAsync(
        Members, row => new ChangedMember(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)).ToMember(roomId),
        ("@room", roomId), ("@rev", rev), ("@limit", limit));
}

/// <summary>A membership as its room sees it.</summary>
internal sealed record ChangedMember(long UserId, long Joined, long Since, long Rev, long Moderator)
{
    public Member ToMember(long roomId) => new(
        roomId, UserId, Joined == 1, DateTimeOffset.FromUnixTimeMilliseconds(Since), Rev, Joined == 1 && Moderator == 1 ? true : null);
}
