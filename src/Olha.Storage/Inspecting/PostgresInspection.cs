using Npgsql;
using Olha.Storage.Postgres;
using Olha.Storage.Schema;

namespace Olha.Storage.Inspecting;

/// <summary>What a look at a PostgreSQL server shows.</summary>
/// <param name="Version">As the server writes it.</param>
/// <param name="VersionNumber">As a number: 150004 is 15.4.</param>
/// <param name="Encoding">Of the database.</param>
/// <param name="IsStandby">Whether it takes no writes.</param>
/// <param name="MayCreate">Whether this user may make tables.</param>
/// <param name="Connections">How many this user's programs can have, those that are reserved for others left out.</param>
/// <param name="Used">How many there are, of everybody.</param>
/// <param name="UsedByUs">How many of them are those of running servers on this database.</param>
/// <param name="Ahead">How far its clock is before ours.</param>
/// <param name="RoundTrip">How long it took to ask: the difference is not known better than to half of it.</param>
/// <param name="IsUnfinishedCopy">Whether a move into it was begun and not finished.</param>
/// <param name="Schema">Its schema beside ours.</param>
public sealed record PostgresLook(
    string Version, long VersionNumber, string Encoding, bool IsStandby, bool MayCreate, long Connections, long Used, long UsedByUs,
    TimeSpan Ahead, TimeSpan RoundTrip, bool IsUnfinishedCopy, SchemaState Schema);

/// <summary>A PostgreSQL server as a doctor sees it.</summary>
public static class PostgresInspection
{
    /// <summary>The oldest version that this program is tried on.</summary>
    public const long Oldest = 150000;

    const string LookPostgres = """
        SELECT current_setting('server_version'), current_setting('server_version_num')::bigint, current_setting('server_encoding'),
            pg_is_in_recovery(), coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE),
            current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
                - coalesce(current_setting('reserved_connections', TRUE)::bigint, 0),
            (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
            (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'olha-%' AND datname = current_database() AND pid <> pg_backend_pid()),
            to_regclass('olha_move') IS NOT NULL
        """;

    const string ClockPostgres = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    /// <summary>The most connections that one process has, as <c>DATABASE_URL</c> leaves it.</summary>
    public static int MostOf(string url, bool hasRedis)
    {
        var writers = PostgresPool.SizeOf(url, PostgresPool.Writers);
        return writers + PostgresPool.SizeOf(url, PostgresPool.Readers) + (hasRedis ? 0 : 2) + PostgresPool.Turns;
    }

    /// <exception cref="DatabaseRefusedException">It does not let us in.</exception>
    /// <exception cref="DatabaseUnavailableException">It can't be reached.</exception>
    public static async Task<PostgresLook> LookAsync(DatabaseOptions options, CancellationToken ct)
    {
        try
        {
            await using var source = PostgresPool.ForReading(options.PostgresUrl!);
            await using var connection = await source.OpenConnectionAsync(ct);
            var (ahead, took) = await ClockAsync(connection, options.Clock, ct);
            var schema = await Task.Run(() => SchemaState.Of(connection, Dialect.Postgres, options), ct);
            await using var command = new NpgsqlCommand(LookPostgres, connection);
            await using var row = await command.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            return new(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetBoolean(3), row.GetBoolean(4), row.GetInt64(5), row.GetInt64(6),
                row.GetInt64(7), ahead, took, row.GetBoolean(8), schema);
        }
        catch (Exception exception)
        {
            if (PostgresStart.Told(exception) is var told && told != exception) throw told;
            throw;
        }
    }

    static async Task<(TimeSpan Ahead, TimeSpan RoundTrip)> ClockAsync(NpgsqlConnection connection, TimeProvider clock, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ClockPostgres, connection);
        await command.ExecuteScalarAsync(ct); // the first one is slower
        var before = clock.GetUtcNow();
        var there = DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(ct))!);
        var took = clock.GetUtcNow() - before;
        return (there - before - (took / 2), took);
    }
}
