using EvolveDb.Migration;
using Microsoft.Data.Sqlite;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Backups;

/// <summary>A file that holds a whole database: what a backup, a copy before an upgrade, or a plain copy of a file is.</summary>
internal static class BackupFile
{
    const string IntegritySqlite = "PRAGMA integrity_check";

    const string ReferencesSqlite = "PRAGMA foreign_key_check";

    /// <summary>Whether it is one of ours, and its schema one that this program can go on from. Nothing of it is changed.</summary>
    /// <returns>The version of its schema.</returns>
    /// <exception cref="BackupRefusedException">It is not.</exception>
    public static MigrationVersion Recognize(string path, DatabaseOptions options)
    {
        if (!File.Exists(path)) throw new BackupRefusedException(BackupObstacle.SourceMissing, $"There is no file {path}.");
        try
        {
            using var link = SqliteLink.ForReading(path);
            var (scripts, applied) = (SchemaScripts.Find(options, Dialect.Sqlite), SchemaMigration.AllApplied(link.Connection, Dialect.Sqlite));
            var newest = applied.Max(static it => it.Version) ?? throw Foreign(path, null);
            if (newest > scripts.Newest && !scripts.MayRunOn(applied))
                throw new BackupRefusedException(BackupObstacle.SourceTooNew,
                    $"{path} was made by a newer program: its schema has version {newest.Label}, this program knows versions up to {scripts.Newest.Label}.");
            return newest;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_NOTADB)
        {
            throw Foreign(path, exception);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            throw Damaged(path, exception.Message, exception);
        }
    }

    /// <summary>Reads all of it. Takes its time.</summary>
    /// <param name="path">A file that nobody changes.</param>
    /// <param name="heads">What <see cref="BackupAudit.Heads"/> said of its source; null: not known.</param>
    /// <param name="options">This program's schema.</param>
    /// <param name="audit">Judges it when its schema is this program's.</param>
    /// <param name="progress">Told after each check.</param>
    /// <param name="ct">Stops at once.</param>
    /// <exception cref="BackupRefusedException">It is damaged.</exception>
    public static BackupReport Verify(
        string path, string? heads, DatabaseOptions options, BackupAudit audit, Action<BackupStep> progress, CancellationToken ct)
    {
        var schema = Recognize(path, options);
        try
        {
            using var link = SqliteLink.ForReading(path);
            using var stopping = ct.Register(static it => ((SqliteLink)it!).Interrupt(), link);
            ct.ThrowIfCancellationRequested();
            link.Begin();
            var session = new Session(link, null);

            Step("integrity", 0);
            if (First(link, IntegritySqlite) is { } problem and not "ok") throw Damaged(path, problem);
            Step("references", 1);
            if (First(link, ReferencesSqlite) is { } table) throw Damaged(path, $"a row of {table} refers to nothing");
            Step("counts", 2);
            IReadOnlyList<Counted> counts = [];
            if (schema == SchemaScripts.Find(options, Dialect.Sqlite).Newest)
            {
                if (Synchronously.Result(audit.WhyUnsound(session)) is { } why) throw Damaged(path, why);
                if (heads is not null && Synchronously.Result(audit.Heads(session)) != heads)
                    throw Damaged(path, "its heads are not those of the database that it was made of");
                counts = Synchronously.Result(audit.Count(session));
            }
            Step("", 3);
            return new(path, new FileInfo(path).Length, schema.Label, counts);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            throw Damaged(path, exception.Message, exception);
        }

        void Step(string with, long done) => progress(new(BackupPhase.Verify, with, done, 3, "checks"));
    }

    /// <summary>The full path, of the file that a link names.</summary>
    public static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }

    static string? First(SqliteLink link, string sql) =>
        Synchronously.Result(link.FirstOrDefaultAsync(sql, static row => row.GetString(0), []));

    static BackupRefusedException Foreign(string path, Exception? inner) =>
        new(BackupObstacle.SourceForeign, $"{path} is no database of this program.", inner);

    static BackupRefusedException Damaged(string path, string problem, Exception? inner = null) =>
        new(BackupObstacle.Unsound, $"{path} is damaged: {problem.Split('\n').SkipWhile(static it => it.StartsWith("***", StringComparison.Ordinal)).FirstOrDefault("").TrimEnd('.')}.", inner);
}
