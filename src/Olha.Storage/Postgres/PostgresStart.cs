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

    public static async Task<string> RunAsync(NpgsqlDataSource writers, DatabaseOptions options, CancellationToken ct)
    {
        // Held by the connection: a node that dies lets go. One that goes on has to say so, for its connection lives in the pool.
        await using var locked = await writers.OpenConnectionAsync(ct);
        await using (var wait = new NpgsqlCommand(Lock, locked) { CommandTimeout = 0 })
            await wait.ExecuteNonQueryAsync(ct);
        try
        {
            return await RunLockedAsync(writers, options, ct);
        }
        finally
        {
            await using var release = new NpgsqlCommand(Unlock, locked);
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    static async Task<string> RunLockedAsync(NpgsqlDataSource writers, DatabaseOptions options, CancellationToken ct)
    {
        await using var connection = await writers.OpenConnectionAsync(ct);
        await using var durability = new NpgsqlCommand(Durability, connection);
        if (await durability.ExecuteScalarAsync(ct) is not ("on" or "remote_apply"))
            throw new DatabaseRefusedException("PostgreSQL's synchronous_commit must be on: what is acknowledged must not be lost.");

        // Evolve works synchronously.
        await Task.Run(() => SchemaMigration.Run(connection, Dialect.Postgres, options), ct);

        await using var add = new NpgsqlCommand(AddEpoch, connection);
        add.Parameters.AddWithValue("value", RandomValue.New());
        await add.ExecuteNonQueryAsync(ct);
        await using var select = new NpgsqlCommand(SelectEpoch, connection);
        return (string)(await select.ExecuteScalarAsync(ct))!;
    }
}
