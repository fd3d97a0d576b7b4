using System.Data.Common;
using Olha.Protocol;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>Open and closed rooms as administrators see them. Direct rooms are their people's business.</summary>
internal sealed class GovernedRoomStore
{
    const int Page = 50;

    // From a key along the rooms' ids. Every place has its message, so how many are kept need not be counted.
    const string List = """
        SELECT (SELECT COUNT(*) FROM memberships m WHERE m.room_id = r.id AND m.joined = 1) AS members,
               r.id, r.kind, r.name, r.topic, r.creator_id, r.direct_key, r.is_general, r.created_at, r.archived_at,
               r.first_seq, r.last_seq, r.rev, r.last_rev, r.slow_mode, r.locked, r.retention_days
        FROM rooms r
        WHERE r.kind <> 'direct' AND r.deleted_at IS NULL AND r.id > @after AND r.name_key LIKE @pattern ESCAPE '!'
        ORDER BY r.id LIMIT @limit
        """;

    /// <param name="session">The snapshot.</param>
    /// <param name="after">What the page before gave as <c>next</c>; 0: from the start.</param>
    /// <param name="query">What the names hold, whatever the case; empty: all.</param>
    public async ValueTask<GovernedRoomList> ListAsync(Session session, long after, string query)
    {
        var rooms = await session.ListAsync(
            List, Read, ("@after", after), ("@pattern", OpenRoomStore.Holding(query)), ("@limit", Page + 1));
        return rooms.Count <= Page ? new GovernedRoomList(rooms, null) : new GovernedRoomList(rooms[..Page], rooms[Page - 1].Room.Id);
    }

    static GovernedRoom Read(DbDataReader row)
    {
        var room = RoomRow.Read(row, 1);
        return new GovernedRoom(room.ToRoom(), row.GetInt64(0), room.LastSeq - room.FirstSeq + 1);
    }
}
