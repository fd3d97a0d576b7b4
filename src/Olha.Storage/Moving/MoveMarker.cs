using Npgsql;

namespace Olha.Storage.Moving;

/// <summary>What an unfinished copy says of itself, in two tables of the target that are there only until it is finished.</summary>
/// <param name="SourceEpoch">The source's epoch when it began.</param>
/// <param name="SourceNonce">The source's nonce then: another one says that a server has opened the file since.</param>
/// <param name="Epoch">What the copy's epoch will be.</param>
/// <param name="IsPrepared">Whether the schema is made and empty, so that rows may have been copied.</param>
/// <remarks>Its tables are in no schema, so no test can prepare these statements: they stand in the methods that run them.</remarks>
internal sealed record MoveMarker(string SourceEpoch, string SourceNonce, string Epoch, bool IsPrepared)
{
    public static async Task<MoveMarker?> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Exists = "SELECT to_regclass('olha_move') IS NOT NULL";
        const string Select = "SELECT source_epoch, source_nonce, epoch, prepared FROM olha_move";
        await using (var exists = new NpgsqlCommand(Exists, connection))
            if (await exists.ExecuteScalarAsync(ct) is not true) return null;
        await using var command = new NpgsqlCommand(Select, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)) : null;
    }

    /// <summary>Makes the tables, or forgets what they held.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string Sql = """
            CREATE TABLE IF NOT EXISTS olha_move (
                id BIGINT PRIMARY KEY CHECK (id = 1),
                source_epoch TEXT NOT NULL,
                source_nonce TEXT NOT NULL,
                epoch TEXT NOT NULL,
                prepared BOOLEAN NOT NULL
            );
            CREATE TABLE IF NOT EXISTS olha_move_tables (name TEXT PRIMARY KEY, key TEXT[] NOT NULL, copied BIGINT NOT NULL);
            """;
        const string Forget = "TRUNCATE olha_move, olha_move_tables";
        const string Insert = """
            INSERT INTO olha_move (id, source_epoch, source_nonce, epoch, prepared)
            VALUES (1, @source_epoch, @source_nonce, @epoch, FALSE)
            """;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, Sql, ct);
        await RunAsync(connection, Forget, ct);
        await RunAsync(connection, Insert, ct, ("source_epoch", SourceEpoch), ("source_nonce", SourceNonce), ("epoch", Epoch));
        await transaction.CommitAsync(ct);
    }

    /// <summary>The schema is made: takes away what its scripts have put into the tables.</summary>
    public static async Task PrepareAsync(NpgsqlConnection connection, IReadOnlyList<MovedTable> tables, CancellationToken ct)
    {
        const string Prepared = "UPDATE olha_move SET prepared = TRUE";
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, $"TRUNCATE {string.Join(", ", tables.Select(table => table.QuotedName))} RESTART IDENTITY", ct);
        await RunAsync(connection, Prepared, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Up to which row a table was copied; an empty key: not at all.</summary>
    public static async Task<(string[] Key, long Copied)> PlaceAsync(NpgsqlConnection connection, MovedTable table, CancellationToken ct)
    {
        const string Select = "SELECT key, copied FROM olha_move_tables WHERE name = @name";
        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.Add(new NpgsqlParameter<string>("name", table.Name));
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetFieldValue<string[]>(0), row.GetInt64(1)) : ([], 0);
    }

    /// <summary>In the transaction that stores the rows.</summary>
    public static async Task MovePlaceAsync(NpgsqlConnection connection, MovedTable table, string[] key, long copied, CancellationToken ct)
    {
        const string Upsert = """
            INSERT INTO olha_move_tables (name, key, copied) VALUES (@name, @key, @copied)
            ON CONFLICT (name) DO UPDATE SET key = excluded.key, copied = olha_move_tables.copied + excluded.copied
            """;
        await RunAsync(connection, Upsert, ct, ("name", table.Name), ("key", key), ("copied", copied));
    }

    /// <summary>The copy is an ordinary database from the commit on.</summary>
    public static async Task FinishAsync(NpgsqlConnection connection, string epoch, CancellationToken ct)
    {
        const string Insert = """
            INSERT INTO epoch (id, value, nonce) VALUES (1, @value, '') ON CONFLICT (id) DO UPDATE SET value = excluded.value
            """;
        const string Drop = "DROP TABLE olha_move, olha_move_tables";
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, Insert, ct, ("value", epoch));
        await RunAsync(connection, Drop, ct);
        await transaction.CommitAsync(ct);
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var (name, value) in values) command.Parameters.Add(new NpgsqlParameter(name, value));
        await command.ExecuteNonQueryAsync(ct);
    }
}
