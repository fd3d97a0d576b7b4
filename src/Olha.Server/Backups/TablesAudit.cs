using Olha.Storage;
using Olha.Storage.Backups;

namespace Olha.Server.Backups;

/// <summary>Judges a copy of the database by what its tables must have in common.</summary>
internal static class TablesAudit
{
    // Any post, change, coming or going moves one of these.
    const string Heads = """
        SELECT CAST(COALESCE((SELECT SUM(last_seq) FROM rooms), 0) AS TEXT) || ' places, ' ||
            CAST(COALESCE((SELECT SUM(last_rev) FROM rooms), 0) AS TEXT) || ' changes of rooms, ' ||
            CAST(COALESCE((SELECT SUM(last_rev) FROM users), 0) AS TEXT) || ' of people, ' ||
            CAST((SELECT last_rev FROM server WHERE id = 1) AS TEXT) || ' of the server'
        """;

    // Every place that a room has given holds a message, unless it was purged from the front; none is newer than the head.
    const string Uneven = """
        SELECT 'room ' || CAST(it.id AS TEXT) || ' has given ' || CAST(it.given AS TEXT) || ' places and holds ' || CAST(it.held AS TEXT)
            || ' messages up to revision ' || CAST(it.newest AS TEXT) || ' of ' || CAST(it.head AS TEXT)
        FROM (
            SELECT r.id AS id, r.last_seq - r.first_seq + 1 AS given, r.last_rev AS head,
                (SELECT COUNT(*) FROM messages m WHERE m.room_id = r.id) AS held,
                (SELECT COALESCE(MAX(m.rev), 0) FROM messages m WHERE m.room_id = r.id) AS newest
            FROM rooms r WHERE r.deleted_at IS NULL
        ) it
        WHERE it.given <> it.held OR it.newest > it.head
        LIMIT 1
        """;

    const string People = "SELECT COUNT(*) FROM users";

    const string Rooms = "SELECT COUNT(*) FROM rooms WHERE deleted_at IS NULL";

    const string Messages = "SELECT COUNT(*) FROM messages";

    public static BackupAudit Audit { get; } = new(
        static async session => await session.ScalarAsync<string>(Heads) ?? "",
        static session => session.ScalarAsync<string>(Uneven),
        CountAsync);

    static async ValueTask<IReadOnlyList<Counted>> CountAsync(Session session) =>
    [
        new("people", await session.ScalarAsync<long>(People)),
        new("rooms", await session.ScalarAsync<long>(Rooms)),
        new("messages", await session.ScalarAsync<long>(Messages)),
    ];
}
