using System.Data.Common;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>Reads what a person is to a room. For a write: after <see cref="RoomStore.AdvanceAsync"/>, which locks the room.</summary>
internal sealed class StandingStore
{
    // One row for an existing person, whether or not the room exists and they ever were in it.
    const string Find = """
        SELECT u.role, m.joined, m.mark, m.since, u.state, m.moderator, m.posted_at,
               r.id, r.kind, r.name, r.topic, r.creator_id, r.direct_key, r.is_general, r.created_at, r.archived_at,
               r.first_seq, r.last_seq, r.rev, r.last_rev, r.slow_mode, r.locked, r.retention_days
        FROM users u
        LEFT JOIN rooms r ON r.id = @room AND r.deleted_at IS NULL
        LEFT JOIN memberships m ON m.room_id = r.id AND m.user_id = u.id
        WHERE u.id = @user
        """;

    const int FirstOfRoom = 7;

    const string FindIn = """
        SELECT u.role, m.joined, m.mark, m.since, u.state, m.moderator, m.posted_at
        FROM users u
        LEFT JOIN memberships m ON m.room_id = @room AND m.user_id = u.id
        WHERE u.id = @user
        """;

    const string FindManyPostgres = """
        SELECT u.role, m.joined, m.mark, m.since, u.state, m.moderator, m.posted_at, a.user_id, a.room_id
        FROM unnest(@users::bigint[], @rooms::bigint[]) AS a (user_id, room_id)
        JOIN users u ON u.id = a.user_id
        LEFT JOIN memberships m ON m.room_id = a.room_id AND m.user_id = a.user_id
        """;

    public async ValueTask<Standing> StandingOf(Session session, long userId, long roomId)
    {
        var row = await session.FirstOrDefaultAsync(
            Find, static row => Read(row, row.IsDBNull(FirstOfRoom) ? null : RoomRow.Read(row, FirstOfRoom)),
            ("@room", roomId), ("@user", userId));
        return Of(userId, row, null);
    }

    /// <summary>What a person is to a room whose row is at hand.</summary>
    /// <remarks>Hot path: asked within every post. Mapped by hand over a statement that stays prepared.</remarks>
    public async ValueTask<Standing> StandingIn(Session session, long userId, RoomRow room) =>
        Of(userId, await session.FirstOrDefaultAsync(FindIn, static row => Read(row, null), ("@room", room.Id), ("@user", userId)), room);

    /// <summary>What each of these people is to the room beside them, as far as the people exist.</summary>
    /// <param name="round">The rooms' locks are taken before it, in the same round or earlier.</param>
    /// <param name="users">With <paramref name="rooms"/>, pairs.</param>
    /// <param name="rooms">Where.</param>
    /// <param name="roomOf">The row of a locked room; null: there is no such room.</param>
    /// <param name="take">Takes who, where and what they are.</param>
    public static void FindMany(
        Round round, long[] users, long[] rooms, Func<long, RoomRow?> roomOf, Action<(long UserId, long RoomId), Standing> take) =>
        round.Add(FindManyPostgres, row =>
        {
            var (userId, roomId) = (row.GetInt64(7), row.GetInt64(8));
            take((userId, roomId), Of(userId, Read(row, roomOf(roomId)), null));
        }, ("@users", users), ("@rooms", rooms));

    /// <summary>What somebody is to a room who does not exist.</summary>
    public static Standing Nobody(long userId) => Of(userId, null, null);

    static Standing Of(long userId, Row? row, RoomRow? room) => row is null
        ? new Standing(userId, Role.Guest, null, false, 0, null, Active: false)
        : new Standing(userId, row.Role, room ?? row.Room, row.Joined, row.Mark, row.Since, row.Active, row.Moderator, row.PostedAt);

    static Row Read(DbDataReader row, RoomRow? room) => new(
        Roles.Parse(row.GetString(0)), !row.IsDBNull(1) && row.GetInt64(1) == 1, row.IsDBNull(2) ? 0 : row.GetInt64(2),
        TimeOrNull(row, 3), row.GetString(4) == States.Active, !row.IsDBNull(5) && row.GetInt64(5) == 1, TimeOrNull(row, 6), room);

    static DateTimeOffset? TimeOrNull(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    sealed record Row(
        Role Role, bool Joined, long Mark, DateTimeOffset? Since, bool Active, bool Moderator, DateTimeOffset? PostedAt, RoomRow? Room);
}
