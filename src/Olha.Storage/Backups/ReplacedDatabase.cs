using System.Globalization;
using Microsoft.Data.Sqlite;
using Olha.Storage.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Backups;

/// <summary>The SQLite database that gives its place to another one. It stays, under a name with the time.</summary>
internal static class ReplacedDatabase
{
    // Takes what its log holds into the file, and the log away: it must not be taken for the log of the file that comes in its place.
    // Not possible while anybody has the file open.
    const string FoldSqlite = """
        PRAGMA busy_timeout = 2500;
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA synchronous = FULL;
        PRAGMA journal_mode = DELETE;
        """;

    /// <summary>Whether there is one. An empty file is none yet.</summary>
    public static bool IsThere(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>Gives it its other name besides the one that it has. The caller, who has the claim, gives that one to another file next.</summary>
    /// <returns>The other name; null: there is none.</returns>
    /// <exception cref="BackupRefusedException">It is open elsewhere, or can't be kept whole.</exception>
    public static string? Keep(string path, DateTimeOffset now)
    {
        if (!IsThere(path))
            return Logs(path).FirstOrDefault() is { } left ? throw Unkept(path, $"{left} is there without it", null) : null;
        try
        {
            SqliteLink.Open(path, FoldSqlite).Dispose();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_BUSY)
        {
            throw new BackupRefusedException(BackupObstacle.TargetBusy, $"Another program has {path} open.", exception);
        }
        catch (SqliteException) when (!Logs(path).Any()) { } // nothing that can be read, but a file that can be kept
        catch (SqliteException exception)
        {
            throw Unkept(path, exception.Message, exception);
        }
        if (Logs(path).FirstOrDefault() is { } log) throw Unkept(path, $"{log} stays", null);

        File.Delete($"{path}-shm"); // of no use without a log

        var kept = $"{path}.before-restore-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}.db";
        DurableFile.Link(path, kept);
        return kept;
    }

    static IEnumerable<string> Logs(string path) => ((string[])["-wal", "-journal"])
        .Select(ending => path + ending).Where(static it => File.Exists(it) && new FileInfo(it).Length > 0);

    static BackupRefusedException Unkept(string path, string why, Exception? inner) => new(
        BackupObstacle.Unsound, $"What is in {path} can't be kept in one file: {why}. Move it and {path}-wal to another folder.", inner);
}
