using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>Work that one node at a time does: whoever has the advisory lock of its name.</summary>
/// <remarks>The lock belongs to a connection of its own, and one whose connection died is none. So this node looks after the connection, and
/// stops the work when it is gone; PostgreSQL ends the session of a node that is cut off or hangs and looks no more.</remarks>
internal sealed class PostgresTurns(string url, TimeProvider clock) : IAsyncDisposable
{
    const string Take = "SELECT pg_try_advisory_lock(hashtextextended(@name, 0))";

    const string Look = "SELECT 1";

    /// <summary>Seconds after which PostgreSQL gives the lock of a silent node to others.</summary>
    public const int Silence = 15;

    const int LookPatience = 5; // seconds
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    readonly NpgsqlDataSource _source = PostgresPool.ForTurns(url, Silence);

    public async Task<bool> RunAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        await using var connection = await TakeAsync(name, ct);
        if (connection is null) return false;

        using var held = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = WatchAsync(connection, held);
        try
        {
            await work(held.Token);
            return true;
        }
        catch (OperationCanceledException cause) when (held.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException($"The connection that held the turn for {name} was lost.", inner: cause);
        }
        finally
        {
            await held.CancelAsync();
            await watching;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Closing the connection gives the lock back: it is in no pool.
    async Task<NpgsqlConnection?> TakeAsync(string name, CancellationToken ct)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await _source.OpenConnectionAsync(ct);
            await using var take = new NpgsqlCommand(Take, connection);
            take.Parameters.Add(new NpgsqlParameter<string>("name", $"olha {name}"));
            if (await take.ExecuteScalarAsync(ct) is true) return connection;
            await connection.DisposeAsync();
            return null;
        }
        catch (Exception cause)
        {
            if (connection is not null) await connection.DisposeAsync();
            if (!PostgresFailure.IsUnavailable(cause)) throw;
            throw new DatabaseUnavailableException("PostgreSQL can't be reached or is too busy.", inner: cause);
        }
    }

    async Task WatchAsync(NpgsqlConnection connection, CancellationTokenSource held)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_look, clock, held.Token);
                await using var look = new NpgsqlCommand(Look, connection) { CommandTimeout = LookPatience };
                await look.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
        catch (Exception)
        {
            await held.CancelAsync(); // the work has ended, or the lock is lost
        }
    }
}
