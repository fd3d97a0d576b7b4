using Microsoft.Data.Sqlite;
using Olha.Storage.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Backups;

/// <summary>Copies the pages of a SQLite database, as they are at one moment, while others read and write it.</summary>
/// <remarks>
/// SQLite's backup, over a read transaction that is held for as long as it takes. So what others commit meanwhile neither gets in nor makes
/// it begin anew (https://www.sqlite.org/c3ref/backup_finish.html), and no writer waits: only their log can't be emptied before the end.
/// <c>VACUUM INTO</c> would hold the same snapshot for many times as long, because it builds every index again, and tells of no progress.
/// </remarks>
internal static class SqliteSnapshot
{
    const int StepPages = 256;

    /// <summary>What a server that runs beside needs of the same disk meanwhile.</summary>
    const long Reserve = 16 << 20;

    // Nobody looks at it before it is complete, and whoever made it makes it durable.
    const string IntoSqlite = """
        PRAGMA journal_mode = OFF;
        PRAGMA synchronous = OFF;
        PRAGMA cache_size = -2048;
        """;

    // One file, which can be read where nothing can be written.
    const string AloneSqlite = """
        PRAGMA busy_timeout = 2500;
        PRAGMA synchronous = OFF;
        PRAGMA journal_mode = DELETE;
        """;

    const string BytesSqlite = "SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s";

    /// <param name="from">A database that may be open anywhere.</param>
    /// <param name="to">An empty file.</param>
    /// <param name="look">Reads the snapshot before it is copied.</param>
    /// <param name="settle">After each MiB: brings what has been written to the disk.</param>
    /// <param name="progress">Told of bytes: done, of all.</param>
    /// <param name="ct">Stops between two steps.</param>
    /// <returns>What <paramref name="look"/> has seen.</returns>
    public static T Copy<T>(string from, string to, Func<SqliteLink, T> look, Action settle, Action<long, long> progress, CancellationToken ct)
    {
        T seen;
        using (var source = SqliteLink.ForReading(from))
        {
            source.Begin();
            var bytes = Synchronously.Result(source.FirstOrDefaultAsync(BytesSqlite, static row => row.GetInt64(0), []));
            RefuseWithoutRoom(to, bytes);
            seen = look(source);
            using var target = SqliteLink.Open(to, IntoSqlite);
            CopyPages((SqliteConnection)source.Connection, target, bytes, settle, progress, ct);
        }
        SqliteLink.Open(to, AloneSqlite).Dispose();
        return seen;
    }

    static void CopyPages(SqliteConnection source, SqliteConnection target, long bytes, Action settle, Action<long, long> progress, CancellationToken ct)
    {
        progress(0, bytes);
        using var copying = raw.sqlite3_backup_init(target.Handle!, "main", source.Handle!, "main");
        if (copying is null || copying.IsInvalid) SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(target.Handle!), target.Handle);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var rc = raw.sqlite3_backup_step(copying, StepPages);
            if (rc == raw.SQLITE_DONE) break;
            if (rc != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(rc, target.Handle);
            settle();
            var (left, pages) = (raw.sqlite3_backup_remaining(copying), Math.Max(1, raw.sqlite3_backup_pagecount(copying)));
            progress((long)((1 - (double)left / pages) * bytes), bytes);
        }
        progress(bytes, bytes);
    }

    static void RefuseWithoutRoom(string to, long bytes)
    {
        long free;
        try
        {
            free = new DriveInfo(Path.GetDirectoryName(to)!).AvailableFreeSpace;
        }
        catch (IOException)
        {
            return; // whoever writes there will say more
        }
        if (free < bytes + Reserve)
            throw new BackupRefusedException(BackupObstacle.NoRoom,
                $"There is not enough room in {Path.GetDirectoryName(to)}: {MiB(bytes + Reserve)} MiB are needed, {MiB(free)} MiB are free.");
    }

    static long MiB(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
