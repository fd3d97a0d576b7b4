using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>Counts what there is on the server.</summary>
internal sealed class StatisticsStore
{
    const int Days = 30;
    const long DayMs = 86_400_000;

    const string Active = "SELECT COUNT(*) FROM users WHERE state = 'active'";

    const string SeenSince = "SELECT id FROM users WHERE state = 'active' AND last_seen_at >= @since";

    const string IsActive = "SELECT COUNT(*) FROM users WHERE id = @user AND state = 'active'";

    const string Rooms = "SELECT COUNT(*) FROM rooms WHERE kind <> 'direct' AND deleted_at IS NULL";

    const string DirectRooms = "SELECT COUNT(*) FROM rooms WHERE kind = 'direct'";

    // Every place has its message, so that they need not be counted.
    const string Messages = """
        SELECT CAST(COALESCE(SUM(last_seq - first_seq + 1), 0) AS BIGINT) FROM rooms WHERE deleted_at IS NULL
        """;

    const string LastMessage = "SELECT MAX(id) FROM messages";

    // The first message from an id on: ids are given in the order in which messages are said.
    const string SaidFrom = "SELECT created_at FROM messages WHERE id >= @id ORDER BY id LIMIT 1";

    // A range of the key, not the whole table.
    const string PerDay = """
        SELECT created_at / 86400000 AS day, COUNT(*) FROM messages
        WHERE id >= @id AND created_at >= @since AND kind = 'text'
        GROUP BY created_at / 86400000
        """;

    const string OpenReports = """
        SELECT COUNT(*) FROM reports p JOIN rooms r ON r.id = p.room_id AND r.deleted_at IS NULL WHERE p.resolved_at IS NULL
        """;

    const string BytesSqlite = "SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s";
    const string BytesPostgres = "SELECT pg_database_size(current_database())";

    /// <param name="session">The snapshot.</param>
    /// <param name="online">Who is connected now.</param>
    /// <param name="now">When it is.</param>
    public async ValueTask<Statistics> CountAsync(Session session, IReadOnlyCollection<long> online, DateTimeOffset now)
    {
        var (connected, thisWeek) = await HereAsync(session, online, now);
        return new Statistics(
            await session.ScalarAsync<long>(Active), connected, thisWeek,
            await session.ScalarAsync<long>(Rooms), await session.ScalarAsync<long>(DirectRooms), await session.ScalarAsync<long>(Messages),
            await PerDayAsync(session, now),
            await session.ScalarAsync<long>(session.Dialect == Dialect.Sqlite ? BytesSqlite : BytesPostgres),
            await session.ScalarAsync<long>(OpenReports));
    }

    // Who is connected was last here a while ago, as far as it is stored.
    static async ValueTask<(long Connected, long ThisWeek)> HereAsync(Session session, IReadOnlyCollection<long> online, DateTimeOffset now)
    {
        var since = now.AddDays(-7).ToUnixTimeMilliseconds();
        var thisWeek = (await session.ListAsync(SeenSince, static row => row.GetInt64(0), ("@since", since))).ToHashSet();
        var connected = 0L;
        foreach (var userId in online)
        {
            if (!thisWeek.Contains(userId) && await session.ScalarAsync<long>(IsActive, ("@user", userId)) == 0) continue;
            connected++;
            thisWeek.Add(userId);
        }
        return (connected, thisWeek.Count);
    }

    static async ValueTask<IReadOnlyList<long>> PerDayAsync(Session session, DateTimeOffset now)
    {
        var today = now.ToUnixTimeMilliseconds() / DayMs;
        var since = (today - Days + 1) * DayMs;
        var counted = await session.ListAsync(
            PerDay, static row => (Day: row.GetInt64(0), Count: row.GetInt64(1)), ("@id", await FirstSinceAsync(session, since)), ("@since", since));
        var days = new long[Days];
        foreach (var (day, count) in counted)
            if (day <= today) days[day - (today - Days + 1)] = count;
        return days;
    }

    // There is no index on times, which every post would pay for: the first message since then is found by halving.
    static async ValueTask<long> FirstSinceAsync(Session session, long since)
    {
        var (low, high) = (1L, (await session.ScalarAsync<long?>(LastMessage) ?? 0) + 1);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await session.ScalarAsync<long?>(SaidFrom, ("@id", middle)) < since) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
