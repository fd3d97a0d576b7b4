using Npgsql;
using Olha.Storage.Schema;

namespace Olha.Storage.Postgres;

/// <summary>What one node after the other does before it works on a PostgreSQL server: schema, epoch, durability.</summary>
internal static class PostgresStart
{
    // Any constant will do, as long as it stays: "olha" in ASCII.
    const string Lock = "SELECT pg_advisory_lock(1869375585)";

    const string Unlock = "SELECT pg_advisory_unlock(1869375585)";

    const string AddEpoch = "INSERT INTO epoch (id, value, nonce) VALUES (1, @value, '') ON CONFLICT (id) DO NOTHING";

    const string SelectEpoch = "SELECT value FROM epoch WHERE id = 1";

    const string Durability = "SHOW synchronous_commit";

    // See MoveMarker.
    const string IsUnfinished = "SELECT to_regclass('olha_move') IS NOT NULL";

    public static async Task<string> RunAsync(NpgsqlDataSource writers, DatabaseOptions options, CancellationToken ct)
    {
        await using var turn = await TakeTurnAsync(writers, ct);
        return await RunLockedAsync(writers, options, ct);
    }

    /// <summary>Waits until nobody else changes the schema; others wait until what it gives is disposed.</summary>
    public static async Task<IAsyncDisposable> TakeTurnAsync(NpgsqlDataSource writers, CancellationToken ct)
    {
        // Held by the connection: a node that dies lets go. One that goes on has to say so, for its connection lives in the pool.
        var locked = await writers.OpenConnectionAsync(ct);
        try
        {
            await using var wait = new NpgsqlCommand(Lock, locked) { CommandTimeout = 0 };
            await wait.ExecuteNonQueryAsync(ct);
            return new Turn(locked);
        }
        catch
        {
            await locked.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an exception says to the person who wanted to open the database.</summary>
    public static Exception Told(Exception exception) =>
        PostgresFailure.IsUnavailable(exception) ? new DatabaseUnavailableException($"PostgreSQL can't be reached: {exception.Message}", inner: exception)
        : exception is PostgresException refusal ? new DatabaseRefusedException($"PostgreSQL refused: {refusal.MessageText}", exception)
        : exception;

    static async Task<string> RunLockedAsync(NpgsqlDataSource writers, DatabaseOptions options, CancellationToken ct)
    {
        await using var connection = await writers.OpenConnectionAsync(ct);
        await using var durability = new NpgsqlCommand(Durability, connection);
        if (await durability.ExecuteScalarAsync(ct) is not ("on" or "remote_apply"))
            throw new DatabaseRefusedException("PostgreSQL's synchronous_commit must be on: what is acknowledged must not be lost.");

        await using var unfinished = new NpgsqlCommand(IsUnfinished, connection);
        if (await unfinished.ExecuteScalarAsync(ct) is true)
            throw new DatabaseRefusedException(
                "The PostgreSQL database is the unfinished copy of a SQLite database: run olha migrate again (olha restore, if that began it), which goes on where it stopped.");

        // Evolve works synchronously.
        await Task.Run(() => SchemaMigration.Run(connection, Dialect.Postgres, options), ct);

        await using var add = new NpgsqlCommand(AddEpoch, connection);
        add.Parameters.AddWithValue("value", RandomValue.New());
        await add.ExecuteNonQueryAsync(ct);
        await using var select = new NpgsqlCommand(SelectEpoch, connection);
        return (string)(await select.ExecuteScalarAsync(ct))!;
    }

    sealed class Turn(NpgsqlConnection locked) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using var _ = locked;
            await using var release = new NpgsqlCommand(Unlock, locked);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
