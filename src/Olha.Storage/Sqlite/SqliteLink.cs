using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>One SQLite connection: its pragmas, and its statements kept prepared.</summary>
/// <remarks>Everything completes synchronously. One thread at a time.</remarks>
internal sealed class SqliteLink : Link, IDisposable
{
    // More texts than the program has: whoever builds SQL at run time pays for preparing it each time.
    const int MostPrepared = 512;

    const int DbStatusCacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    readonly SqliteConnection _connection;
    readonly Dictionary<string, SqliteStatement> _statements = new(ReferenceEqualityComparer.Instance);
    readonly SqliteStatement _commit;
    readonly SqliteStatement _save;
    readonly SqliteStatement _release;
    readonly SqliteStatement _rollbackToSave;
    readonly SqliteStatement _rollback;
    readonly SqliteStatement _begin;
    IShared? _shared; // as true as the database, but for what it has still to settle; gone with a rollback

    SqliteLink(SqliteConnection connection, string begin)
    {
        _connection = connection;
        _begin = new(Handle, begin);
        _commit = new(Handle, "COMMIT");
        _save = new(Handle, "SAVEPOINT unit");
        _release = new(Handle, "RELEASE unit");
        _rollbackToSave = new(Handle, "ROLLBACK TO unit");
        _rollback = new(Handle, "ROLLBACK");
    }

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2.5);

    public override Dialect Dialect => Dialect.Sqlite;
    public override DbConnection Connection => _connection;

    sqlite3 Handle => _connection.Handle!;

    public static SqliteLink ForWriting(string path) => new(Open(path, SqlitePragmas.Writer), "BEGIN IMMEDIATE");

    public static SqliteLink ForReading(string path) => new(Open(path, SqlitePragmas.Reader), "BEGIN");

    /// <summary>For one job at start that needs pragmas of its own. No other program gets in between its begin and its end.</summary>
    public static SqliteLink ForAdopting(string path, string pragmas) => new(Open(path, pragmas), "BEGIN EXCLUSIVE");

    public static SqliteLink ForCheckpoints(string path) => new(Open(path, SqlitePragmas.Checkpointer), "BEGIN");

    /// <summary>For who must change nothing, not even what a last connection tidies up when it is closed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="alone">Nobody else has it open: no lock is taken, and no log made. Who comes meanwhile is not noticed.</param>
    public static SqliteLink ForLooking(string path, bool alone) => new(Open(
        alone ? $"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1" : path, SqlitePragmas.Reader, SqliteOpenMode.ReadOnly), "BEGIN");

    /// <summary>A plain connection with these pragmas.</summary>
    public static SqliteConnection Open(string path, string pragmas, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        // Foreign keys are on by the connection string; our connections live as long as the program, so no pool.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true, DefaultTimeout = 5,
        }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether no transaction is open: after some errors SQLite takes back the whole of it by itself.</summary>
    public bool InAutocommit => raw.sqlite3_get_autocommit(Handle) != 0;

    /// <summary>Begins a transaction; a foreign lock is waited for, 2.5 s at most.</summary>
    /// <exception cref="SqliteException">Another program holds the lock.</exception>
    public void Begin()
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                _begin.Run();
                return;
            }
            // SQLite adds up how long it meant to sleep, which on a busy machine is a fraction of how long it did.
            catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(began) < s_patience) { }
        }
    }

    public void Commit()
    {
        Settle();
        _commit.Run();
    }

    public void Rollback()
    {
        _shared = null;
        _rollback.Run();
    }

    public void Save() => _save.Run();
    public void Release() => _release.Run();

    public void RollbackToSave()
    {
        _rollbackToSave.Run();
        _release.Run();
    }

    /// <summary>Ends what another thread runs here, which hears of it as SQLITE_INTERRUPT.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(Handle);

    /// <summary>Whether every unit is on its own, because it may have to be taken back alone.</summary>
    public bool IsApart { get; set; }

    public override T? Share<T>(Func<T> make) where T : class
    {
        if (IsApart) return null;
        if (_shared is T shared) return shared;
        EndSharing();
        var made = make();
        _shared = made;
        return made;
    }

    public override void EndSharing()
    {
        if (_shared is null) return;
        Settle();
        _shared = null;
    }

    /// <summary>Rows that this connection has inserted, updated or deleted in its life.</summary>
    public int RowsWritten => raw.sqlite3_total_changes(Handle);

    /// <summary>Asks, while a statement runs, whether it should be given up. A call for every few hundred steps.</summary>
    public void GiveUpWhen(Func<bool> stop) => raw.sqlite3_progress_handler(Handle, 1000, _ => stop() ? 1 : 0, null);

    /// <summary>Ends what <see cref="Begin"/> began, if it did.</summary>
    public void EndSnapshot()
    {
        if (!InAutocommit) _commit.Run();
    }

    /// <summary>Pages that went into the log since the last call.</summary>
    public int TakePagesWritten()
    {
        _ = raw.sqlite3_db_status(Handle, DbStatusCacheWrite, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies the log into the file as far as nobody is in the way; waits for nobody.</summary>
    public void Checkpoint() => _ = raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    /// <summary>Copies all of the log into the file and empties it.</summary>
    public void EmptyLog() => SqliteException.ThrowExceptionForRC(
        raw.sqlite3_wal_checkpoint_v2(Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _), Handle);

    public override ValueTask<List<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Take(sql);
        try
        {
            statement.Bind(parameters);
            var rows = new List<T>();
            while (statement.Step()) rows.Add(read(statement.Row));
            return new(rows);
        }
        finally { Give(sql, statement); }
    }

    public override ValueTask<T?> FirstOrDefaultAsync<T>(
        string sql, Func<DbDataReader, T?> read, ReadOnlySpan<(string Name, object? Value)> parameters) where T : default
    {
        var statement = Take(sql);
        try
        {
            statement.Bind(parameters);
            // A statement that writes and returns has written and checked everything before it gives its first row.
            return new(statement.Step() ? read(statement.Row) : default);
        }
        finally { Give(sql, statement); }
    }

    public override ValueTask<int> ExecuteAsync(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Take(sql);
        try
        {
            statement.Bind(parameters);
            var before = raw.sqlite3_total_changes(Handle);
            while (statement.Step()) { }
            return new(raw.sqlite3_total_changes(Handle) == before ? 0 : raw.sqlite3_changes(Handle));
        }
        finally { Give(sql, statement); }
    }

    public override ValueTask<long?> InsertAsync(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var statement = Take(sql);
        try
        {
            statement.Bind(parameters);
            var before = raw.sqlite3_total_changes(Handle);
            statement.Step();
            return new(raw.sqlite3_total_changes(Handle) == before ? null : raw.sqlite3_last_insert_rowid(Handle));
        }
        finally { Give(sql, statement); }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _save.Dispose();
        _release.Dispose();
        _rollbackToSave.Dispose();
        _rollback.Dispose();
        _connection.Dispose();
    }

    void Settle()
    {
        if (_shared is null) return;
        var tx = new Transaction(this, null, sharing: true);
        _ = Synchronously.Result(SettledAsync(_shared, tx));
        tx.End();
    }

    static async ValueTask<bool> SettledAsync(IShared shared, Transaction tx)
    {
        await shared.SettleAsync(tx);
        return true;
    }

    SqliteStatement Take(string sql)
    {
        if (_statements.TryGetValue(sql, out var known) && !known.InUse) return known;
        var statement = new SqliteStatement(Handle, sql);
        if (known is null && _statements.Count < MostPrepared) _statements.Add(sql, statement);
        return statement;
    }

    void Give(string sql, SqliteStatement statement)
    {
        statement.Reset();
        if (!_statements.TryGetValue(sql, out var kept) || kept != statement) statement.Dispose();
    }
}
