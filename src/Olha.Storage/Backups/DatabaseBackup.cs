using Microsoft.Data.Sqlite;
using Olha.Storage.Postgres;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Backups;

/// <summary>Makes a backup of a database that may be in use: a SQLite file that holds all of it as it was at one moment, whichever database
/// it comes from.</summary>
/// <remarks>The file gets its name when it is complete, verified and on the disk. Why so: docs/decisions/0013-backups.md.</remarks>
public static class DatabaseBackup
{
    /// <param name="options">What is backed up where.</param>
    /// <param name="progress">Told often, on any thread, one call at a time.</param>
    /// <param name="ct">Stops it; nothing is left.</param>
    /// <exception cref="BackupRefusedException">Something stands in the way; nothing is left.</exception>
    /// <exception cref="DatabaseRefusedException">The database can't be used.</exception>
    /// <exception cref="DatabaseUnavailableException">It can't be read right now.</exception>
    public static Task<BackupReport> RunAsync(BackupOptions options, Action<BackupStep> progress, CancellationToken ct) =>
        Guard.RunAsync(() => MakeAsync(options, progress, ct), options.Target, ct);

    static async Task<BackupReport> MakeAsync(BackupOptions options, Action<BackupStep> progress, CancellationToken ct)
    {
        SqliteLibrary.Load(options.Source.SchemaAssembly);
        var target = Path.GetFullPath(options.Target);
        if (options.Source.PostgresUrl is null)
        {
            BackupFile.Recognize(Path.GetFullPath(options.Source.SqlitePath), options.Source);
            if (BackupFile.Real(target) == BackupFile.Real(options.Source.SqlitePath))
                throw new BackupRefusedException(BackupObstacle.SameFile, $"{target} is the database itself.");
        }

        if (!options.Replace && File.Exists(target)) throw PartialFile.Exists(target);
        using var partial = PartialFile.Claim(target);
        var takenAt = options.Source.Clock.GetUtcNow();
        var heads = options.Source.PostgresUrl is { } url
            ? await PostgresSnapshot.CopyAsync(url, partial.Path, options, progress, ct)
            : await LowPriority.RunAsync(() => CopySqlite(partial, options, progress, ct));
        var report = await LowPriority.RunAsync(() => BackupFile.Verify(partial.Path, heads, options.Source, options.Audit, progress, ct));
        partial.Publish(options.Replace);
        return report with { Path = target, TakenAt = takenAt };
    }

    static string? CopySqlite(PartialFile to, BackupOptions options, Action<BackupStep> progress, CancellationToken ct)
    {
        var known = SchemaScripts.Find(options.Source, Dialect.Sqlite).Newest;
        return SqliteSnapshot.Copy(
            Path.GetFullPath(options.Source.SqlitePath), to.Path,
            link => SchemaMigration.Applied(link.Connection, Dialect.Sqlite) == known
                ? Synchronously.Result(options.Audit.Heads(new Session(link, null))) : null,
            to.Settle,
            (done, total) => progress(new(BackupPhase.Copy, "", done >> 10, total >> 10, "KiB")), ct);
    }
}

/// <summary>Turns what may go wrong into what a person can understand.</summary>
internal static class Guard
{
    const int NoSpace = 28; // ENOSPC

    public static async Task<T> RunAsync<T>(Func<Task<T>> work, string target, CancellationToken ct)
    {
        try
        {
            return await Task.Run(work, ct);
        }
        catch (Exception exception) when (ct.IsCancellationRequested && exception is not OperationCanceledException)
        {
            throw new OperationCanceledException("It was stopped.", exception, ct);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_FULL)
        {
            throw NoRoom(target, exception);
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Translate(exception, atCommit: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw exception.HResult == NoSpace ? NoRoom(target, exception)
                : new BackupRefusedException(BackupObstacle.TargetUnwritable, $"{target} can't be written: {exception.Message}", exception);
        }
        catch (Npgsql.PostgresException exception) when (!PostgresFailure.IsUnavailable(exception))
        {
            throw new DatabaseRefusedException($"PostgreSQL refused: {exception.MessageText}", exception);
        }
        catch (Exception exception) when (PostgresFailure.IsUnavailable(exception))
        {
            throw new DatabaseUnavailableException($"PostgreSQL can't be reached, or can't go on: {exception.Message}", inner: exception);
        }
    }

    static BackupRefusedException NoRoom(string target, Exception inner) =>
        new(BackupObstacle.NoRoom, $"The disk was full before {target} was complete.", inner);
}
