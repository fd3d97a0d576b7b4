using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>The open rooms that one can join, by name.</summary>
internal sealed class OpenRoomStore
{
    const int Page = 50;

    // From a key along the unique index of open rooms' names; how many are in each is counted over an index of those who are.
    const string List = """
        SELECT (SELECT COUNT(*) FROM memberships n WHERE n.room_id = r.id AND n.joined = 1) AS members,
               (SELECT COUNT(*) FROM memberships m WHERE m.room_id = r.id AND m.user_id = @user AND m.joined = 1) AS joined,
               r.name_key, r.id, r.kind, r.name, r.topic, r.creator_id, r.direct_key, r.is_general, r.created_at, r.archived_at,
               r.first_seq, r.last_seq, r.rev, r.last_rev, r.slow_mode, r.locked, r.retention_days
        FROM rooms r
        WHERE r.kind = 'open' AND r.archived_at IS NULL AND r.deleted_at IS NULL AND r.name_key > @after AND r.name_key LIKE @pattern ESCAPE '!'
        ORDER BY r.name_key LIMIT @limit
        """;

    /// <param name="session">The snapshot.</param>
    /// <param name="userId">Who asks.</param>
    /// <param name="after">What the page before gave as <c>next</c>; empty: from the start.</param>
    /// <param name="query">What the names hold, whatever the case; empty: all.</param>
    public async Task<OpenRoomList> ListAsync(Session session, long userId, string after, string query)
    {
        var rows = (await session.Connection.QueryAsync<OpenRoomRow>(
            List, new { user = userId, after, pattern = Holding(query), limit = Page + 1 }, session.DbTransaction)).ToList();
        var more = rows.Count > Page;
        if (more) rows.RemoveAt(Page);
        return new OpenRoomList([.. rows.Select(row => row.ToOpenRoom())], more ? rows[^1].NameKey : null);
    }

    /// <summary>The pattern of folded names that hold a text.</summary>
    public static string Holding(string query) => "%" + PlainLine.Fold(query.Trim())
        .Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%";
}

/// <summary>An open room with who is in it.</summary>
internal sealed record OpenRoomRow(
    long Members, long Joined, string NameKey,
    long Id, string Kind, string? Name, string? Topic, long? CreatorId, string? DirectKey, long IsGeneral, long CreatedAt,
    long? ArchivedAt, long FirstSeq, long LastSeq, long Rev, long LastRev, long SlowMode, long Locked, long? RetentionDays)
{
    public OpenRoom ToOpenRoom() => new(
        new RoomRow(
            Id, Kind, Name, Topic, CreatorId, DirectKey, IsGeneral, CreatedAt, ArchivedAt, FirstSeq, LastSeq, Rev, LastRev, SlowMode, Locked,
            RetentionDays).ToRoom(),
        Members, Joined == 1);
}
