using Microsoft.Data.Sqlite;
using Npgsql;
using Olha.Storage.Postgres;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Inspecting;

/// <summary>One state of a database, for as long as it is read, whoever works on it meanwhile: servers are neither needed nor in the
/// way. Nothing is changed.</summary>
/// <remarks>On SQLite the write-ahead log can't be emptied while this is open, and grows by what is written. One caller at a time.</remarks>
public sealed class Snapshot : IAsyncDisposable
{
    const string IsUnfinishedPostgres = "SELECT to_regclass('olha_move') IS NOT NULL";

    readonly SqliteLink? _link;
    readonly NpgsqlDataSource? _source;
    readonly NpgsqlConnection? _connection;
    readonly NpgsqlTransaction? _transaction;

    readonly Session _session;

    Snapshot(SqliteLink link) => (_link, _session) = (link, new Session(link, null));

    Snapshot(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_source, _connection, _transaction, _session) = (source, connection, transaction, new Session(new PostgresLink(connection, transaction), transaction));

    /// <exception cref="DatabaseRefusedException">It is none of ours, or its schema is not one that this program reads.</exception>
    /// <exception cref="DatabaseUnavailableException">It can't be reached.</exception>
    public static Task<Snapshot> OpenAsync(DatabaseOptions options, CancellationToken ct) =>
        options.PostgresUrl is { } url ? OnPostgresAsync(url, options, ct) : Task.Run(() => OnSqlite(options), ct);

    /// <summary>Reads, off the caller's thread.</summary>
    /// <exception cref="DatabaseUnavailableException">It can't be read any more.</exception>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> work, CancellationToken ct)
    {
        try
        {
            return await Task.Run(() => work(_session), ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var told = _link is null ? PostgresStart.Told(exception) : SqliteFailure.Translate(exception, atCommit: false);
            if (told != exception) throw told;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _session.End();
        _link?.Dispose();
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
        if (_source is not null) await _source.DisposeAsync();
    }

    static Snapshot OnSqlite(DatabaseOptions options)
    {
        SqliteLibrary.Load(options.SchemaAssembly);
        var path = Path.GetFullPath(options.SqlitePath);
        if (!File.Exists(path)) throw new DatabaseRefusedException($"There is no database {path}.");
        SqliteLink? link = null;
        try
        {
            link = SqliteLink.ForReading(path);
            // Begun by the first statement: what follows sees what it saw.
            link.Begin();
            if (options.Predecessor is { } predecessor && Synchronously.Result(predecessor.Wrote(new Session(link, null))))
                throw new DatabaseRefusedException($"{path} was written by the original program: start this one once on it.");
            RefuseOthers(SchemaState.Of(link.Connection, Dialect.Sqlite, options), path);
            return new(link);
        }
        catch (Exception exception)
        {
            link?.Dispose();
            if (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB })
                throw new DatabaseRefusedException($"{path} is not a SQLite database.", exception);
            if (SqliteFailure.Translate(exception, atCommit: false) is var translated && translated != exception) throw translated;
            throw;
        }
    }

    static async Task<Snapshot> OnPostgresAsync(string url, DatabaseOptions options, CancellationToken ct)
    {
        var source = PostgresPool.ForReading(url);
        try
        {
            var connection = await source.OpenConnectionAsync(ct);
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            await using (var unfinished = new NpgsqlCommand(IsUnfinishedPostgres, connection, transaction))
                if (await unfinished.ExecuteScalarAsync(ct) is true)
                    throw new DatabaseRefusedException("The PostgreSQL database is the unfinished copy of a SQLite database: run olha migrate again.");
            RefuseOthers(await Task.Run(() => SchemaState.Of(connection, Dialect.Postgres, options), ct), "The PostgreSQL database");
            return new(source, connection, transaction);
        }
        catch (Exception exception)
        {
            await source.DisposeAsync();
            throw PostgresStart.Told(exception);
        }
    }

    static void RefuseOthers(SchemaState schema, string name)
    {
        if (schema.Fit is SchemaFit.None) throw new DatabaseRefusedException($"{name} is no database of this program.");
        if (schema.Fit is SchemaFit.TooNew) throw new SchemaTooNewException(schema.Found!, schema.Known);
        if (schema.Fit is SchemaFit.Older)
            throw new DatabaseRefusedException(
                $"{name} was written by an older version of this program (schema {schema.Found}, not {schema.Known}): start this one once on it, or use the older one.");
    }
}
