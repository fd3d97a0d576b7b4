using Dapper;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>Reads what a person is to a room. For a write: after <see cref="RoomStore.AdvanceAsync"/>, which locks the room.</summary>
internal sealed class StandingStore
{
    // One row for an existing person, whether or not the room exists and they ever were in it.
    const string Find = """
        SELECT u.role AS user_role, m.joined, m.mark, m.since,
               r.id, r.kind, r.name, r.topic, r.creator_id, r.direct_key, r.is_general, r.created_at, r.archived_at,
               r.first_seq, r.last_seq, r.rev, r.last_rev
        FROM users u
        LEFT JOIN rooms r ON r.id = @room
        LEFT JOIN memberships m ON m.room_id = r.id AND m.user_id = u.id
        WHERE u.id = @user
        """;

    public async Task<Standing> StandingOf(Session session, long userId, long roomId)
    {
        var row = await session.Connection.QueryFirstOrDefaultAsync<StandingRow>(
            Find, new { user = userId, room = roomId }, session.DbTransaction);
        return row is null
            ? new Standing(userId, Role.Member, null, false, 0, null)
            : new Standing(userId, Roles.Parse(row.UserRole), row.Room(), row.Joined == 1, row.Mark ?? 0,
                row.Since is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null);
    }
}

/// <summary>The room's columns are null together, when there is no such room.</summary>
internal sealed record StandingRow(
    string UserRole, long? Joined, long? Mark, long? Since,
    long? Id, string? Kind, string? Name, string? Topic, long? CreatorId, string? DirectKey, long? IsGeneral, long? CreatedAt,
    long? ArchivedAt, long? FirstSeq, long? LastSeq, long? Rev, long? LastRev)
{
    public RoomRow? Room() => Id is not { } id ? null : new RoomRow(
        id, Kind!, Name, Topic, CreatorId, DirectKey, IsGeneral!.Value, CreatedAt!.Value, ArchivedAt, FirstSeq!.Value,
        LastSeq!.Value, Rev!.Value, LastRev!.Value);
}
