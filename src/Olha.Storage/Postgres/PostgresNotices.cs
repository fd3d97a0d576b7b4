using Npgsql;

namespace Olha.Storage.Postgres;

/// <summary>What the processes on one PostgreSQL database call out to each other (<c>LISTEN</c> and <c>NOTIFY</c>): short texts that nobody
/// keeps, outside of every unit of work.</summary>
/// <remarks>
/// Whoever commits a <c>NOTIFY</c> waits for every other who does, on the whole server: in a transaction that stores messages it would make
/// them all queue. Here it has transactions of its own, few and short, that wait for no disk.
/// Two connections: one listens for as long as it lives, one calls.
/// </remarks>
/// <param name="url">As <see cref="DatabaseOptions.PostgresUrl"/>.</param>
public sealed class PostgresNotices(string url) : IAsyncDisposable
{
    /// <summary>The bytes of UTF-8 that one notice may have (https://www.postgresql.org/docs/current/sql-notify.html).</summary>
    public const int MostBytes = 7999;

    const string Listen = "LISTEN olha";

    const string Notify = "SELECT pg_notify('olha', notice) FROM unnest(@notices::text[]) AS notice";

    const string Ping = "SELECT 1";

    static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);

    readonly NpgsqlDataSource _connections = PostgresPool.ForNotices(url);

    /// <summary>Calls out, to all who listen at present, the caller among them; in this order, each different text once.</summary>
    /// <exception cref="DatabaseUnavailableException">It may not have been heard.</exception>
    public async Task CallAsync(string[] notices, CancellationToken ct)
    {
        try
        {
            await using var connection = await _connections.OpenConnectionAsync(ct);
            await using var notify = new NpgsqlCommand(Notify, connection);
            notify.Parameters.Add(new NpgsqlParameter("notices", notices));
            await notify.ExecuteNonQueryAsync(ct);
        }
        catch (Exception cause) when (PostgresFailure.IsUnavailable(cause))
        {
            throw Unavailable(cause);
        }
    }

    /// <summary>Listens until the connection is lost.</summary>
    /// <param name="hear">Told each notice, one after the other. Must not throw.</param>
    /// <param name="alive">Called when it begins to listen and, as long as the connection answers, after each second of silence. Must not
    /// throw.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="DatabaseUnavailableException">It was lost, or could not be made. What is called meanwhile is never heard.</exception>
    public async Task ListenAsync(Action<string> hear, Action alive, CancellationToken ct)
    {
        try
        {
            await using var connection = await _connections.OpenConnectionAsync(ct);
            connection.Notification += (_, heard) => hear(heard.Payload);
            await RunAsync(connection, Listen, ct);
            while (true)
            {
                alive();
                // What comes shows that the connection lives; in silence it is asked.
                while (await connection.WaitAsync(s_beat, ct)) { }
                await RunAsync(connection, Ping, ct);
            }
        }
        catch (Exception cause) when (PostgresFailure.IsUnavailable(cause))
        {
            throw Unavailable(cause);
        }
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    static DatabaseUnavailableException Unavailable(Exception cause) => new(cause.Message, inner: cause);
}
