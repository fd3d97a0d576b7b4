using Microsoft.Data.Sqlite;
using Olha.Storage.Backups;
using Olha.Storage.Schema;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>Everything in one file beside the program.</summary>
/// <remarks>Hot path: see <see cref="SqliteWriter"/> and <see cref="SqliteReaders"/>. Neither door ever waits on the
/// database in the caller's thread.</remarks>
internal sealed class SqliteDatabase : Database
{
    const string ToWhom = "It, the files beside it and their folder have to be the user's that the server runs as.";

    readonly FileClaim _claim;
    readonly SqliteWriter _writer;
    readonly SqliteReaders _readers;
    readonly SqliteCheckpointer _checkpointer;

    SqliteDatabase(FileClaim claim, SqliteWriter writer, SqliteReaders readers, SqliteCheckpointer checkpointer, string epoch)
    {
        (_claim, _writer, _readers, _checkpointer, Epoch) = (claim, writer, readers, checkpointer, epoch);
        _writer.Start(RunAnnouncements, Tell);
    }

    public override Dialect Dialect => Dialect.Sqlite;
    public override string Epoch { get; }
    public override int Waiting => _writer.Waiting;

    public static new Task<Database> OpenAsync(DatabaseOptions options, CancellationToken ct) =>
        Task.Run<Database>(() => Open(options), ct);

    public override ValueTask<T> WriteAsync<T>(
        Func<Transaction, ValueTask<T>> work, CancellationToken ct, Lane? lane = null, bool quick = false)
    {
        // There is one queue: every lane's order is kept.
        var unit = new WriteUnit<T>(work, quick, ct);
        _writer.Enqueue(unit);
        return unit.Awaited;
    }

    public override ValueTask<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        var unit = new ReadUnit<T>(work, ct);
        _readers.Enqueue(unit);
        return unit.Awaited;
    }

    // The file is this process's alone.
    public override async Task<bool> OncePerClusterAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        await work(ct);
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        // The writer's connection goes last: it folds the log into the file.
        await _readers.StopAsync();
        await _checkpointer.StopAsync();
        await _writer.StopAsync();
        _claim.Dispose();
    }

    static SqliteDatabase Open(DatabaseOptions options)
    {
        SqliteLibrary.Load(options.SchemaAssembly);
        var path = Path.GetFullPath(options.SqlitePath);
        var claim = FileClaim.Take(path);
        try
        {
            if (options.Predecessor is { } predecessor) SqliteAdoption.Run(path, predecessor, options);
            BeforeUpgrade.Keep(path, options);

            string epoch;
            using (var connection = SqliteLink.Open(path, SqlitePragmas.Writer))
            {
                SchemaMigration.Run(connection, Dialect.Sqlite, options);
                epoch = SqliteEpoch.Renew(connection, path);
            }

            var link = SqliteLink.ForWriting(path);
            var checkpointer = new SqliteCheckpointer(path, options.Logger);
            var writer = new SqliteWriter(path, link, checkpointer, options.QueueCapacity, options.Logger);
            var readers = new SqliteReaders(path, Math.Clamp(Environment.ProcessorCount, 2, 8), options.QueueCapacity);
            return new(claim, writer, readers, checkpointer, epoch);
        }
        catch (Exception exception)
        {
            claim.Dispose();
            if (exception is SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB })
                throw new DatabaseRefusedException($"{path} is not a SQLite database.", exception);
            if (exception is SchemaTooNewException newer && BeforeUpgrade.WayBack(path, options) is { } kept)
                throw new SchemaTooNewException(newer.Found, newer.Known, kept);
            throw WhyNotOpened(exception, path) ?? SqliteFailure.Translate(exception, atCommit: false);
        }
    }

    // Whoever ran a command as another user than the server's has left files that the server may not touch.
    static DatabaseRefusedException? WhyNotOpened(Exception exception, string path) => exception switch
    {
        UnauthorizedAccessException => new($"The database {path} can't be opened: {exception.Message.TrimEnd('.')}. {ToWhom}", exception),
        IOException => new($"The database {path} can't be opened: {exception.Message.TrimEnd('.')}.", exception),
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM } =>
            new($"The database {path} can't be opened for writing. {ToWhom}", exception),
        _ => null,
    };
}
