using Olha.Storage.Moving;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Backups;

/// <summary>Puts a backup in a database's place, under a new epoch: what clients hold may never have happened here.</summary>
/// <remarks>Whoever dies at any moment leaves the old database or the restored one: docs/decisions/0013-backups.md.</remarks>
public static class DatabaseRestore
{
    /// <param name="options">What is restored where.</param>
    /// <param name="progress">Told often, on any thread, one call at a time.</param>
    /// <param name="ct">Stops it; the database is as it was.</param>
    /// <exception cref="BackupRefusedException">Something stands in the way; the database is as it was.</exception>
    /// <exception cref="MoveRefusedException">PostgreSQL: something stands in the way of moving in.</exception>
    /// <exception cref="DatabaseRefusedException">A server has the database (<see cref="DatabaseInUseException"/>), or it can't be used.</exception>
    /// <exception cref="DatabaseUnavailableException">It can't be written right now.</exception>
    public static Task<RestoreReport> RunAsync(RestoreOptions options, Action<BackupStep> progress, CancellationToken ct) => Guard.RunAsync(
        () => options.Target.PostgresUrl is null ? Task.FromResult(RestoreSqlite(options, progress, ct)) : RestorePostgresAsync(options, progress, ct),
        options.Target.PostgresUrl is null ? options.Target.SqlitePath : options.File, ct);

    /// <summary>Reads all of a backup and changes nothing.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public static Task<BackupReport> CheckAsync(RestoreOptions options, Action<BackupStep> progress, CancellationToken ct) => Guard.RunAsync(
        () =>
        {
            SqliteLibrary.Load(options.Target.SchemaAssembly);
            return Task.FromResult(BackupFile.Verify(Path.GetFullPath(options.File), heads: null, options.Target, options.Audit, progress, ct));
        },
        options.File, ct);

    // No log: the file is complete by itself when it gets its name.
    const string AloneSqlite = "PRAGMA journal_mode = DELETE";

    static RestoreReport RestoreSqlite(RestoreOptions options, Action<BackupStep> progress, CancellationToken ct)
    {
        SqliteLibrary.Load(options.Target.SchemaAssembly);
        var (file, path) = (BackupFile.Real(options.File), BackupFile.Real(options.Target.SqlitePath));
        BackupFile.Recognize(file, options.Target);
        if (file == path) throw new BackupRefusedException(BackupObstacle.SameFile, $"{path} is the database itself.");

        using var claim = FileClaim.Take(path, make: false);
        if (!options.Replace && ReplacedDatabase.IsThere(path)) throw PartialFile.Exists(path);
        using var partial = PartialFile.Claim(path, ".restoring");
        Copy(file, partial.Path, progress, ct);
        using (var restored = SqliteLink.Open(partial.Path, AloneSqlite)) SqliteEpoch.Replace(restored);
        var report = BackupFile.Verify(partial.Path, heads: null, options.Target, options.Audit, progress, ct);

        ct.ThrowIfCancellationRequested();
        var kept = ReplacedDatabase.Keep(path, options.Target.Clock.GetUtcNow());
        partial.Publish(replace: true);
        return new(report with { Path = path }, kept, 0);
    }

    // Made in a file of its own, so that the backup stays as it is and an older one can be brought up to date.
    static async Task<RestoreReport> RestorePostgresAsync(RestoreOptions options, Action<BackupStep> progress, CancellationToken ct)
    {
        SqliteLibrary.Load(options.Target.SchemaAssembly);
        var file = BackupFile.Real(options.File);
        BackupFile.Recognize(file, options.Target);
        using var scratch = PartialFile.Claim(file, ".restoring");
        Copy(file, scratch.Path, progress, ct);
        using (var copied = SqliteLink.Open(scratch.Path, AloneSqlite)) SchemaMigration.Run(copied, Dialect.Sqlite, options.Target);
        var report = BackupFile.Verify(scratch.Path, heads: null, options.Target, options.Audit, progress, ct);

        var moved = await DatabaseMove.RunAsync(
            new MoveOptions { Ends = options.Target with { SqlitePath = scratch.Path }, Restart = options.Replace },
            step => progress(new(BackupPhase.Move, $"{step.Phase} {step.Table}", step.Done, step.Total, step.Phase is MovePhase.Analyze ? "tables" : "rows")), ct);
        return new(report with { Path = file }, null, moved.Tables.Sum(static it => it.Rows));
    }

    static void Copy(string file, string to, Action<BackupStep> progress, CancellationToken ct) => SqliteSnapshot.Copy(
        file, to, static _ => 0, static () => { }, (done, total) => progress(new(BackupPhase.Copy, "", done >> 10, total >> 10, "KiB")), ct);
}
