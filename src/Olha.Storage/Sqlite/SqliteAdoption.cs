using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Olha.Storage.Schema;

namespace Olha.Storage.Sqlite;

/// <summary>Takes over a file that another program wrote, before it is opened as ours.</summary>
/// <remarks>The new database is made completely in a scratch file and then written over the old one by SQLite's backup, which is
/// one transaction of the old file: whoever dies before its commit leaves the old file as it was, whoever dies after it the
/// finished new one. Why so: docs/decisions/0002-adoption.md.</remarks>
internal static partial class SqliteAdoption
{
    // Nobody else gets at the file until it is closed: the original, still running, is noticed instead of losing what it writes.
    // As ours it will have a write-ahead log; having one now, there is one way in which the new database replaces the old one.
    const string Alone = """
        PRAGMA busy_timeout = 2500;
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA temp_store = MEMORY;
        """;

    // Nobody looks at it after a crash.
    const string Scratch = """
        PRAGMA journal_mode = MEMORY;
        PRAGMA synchronous = OFF;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -65536;
        """;

    const int HeaderLength = 100;

    const string CountTables = "SELECT count(*) FROM sqlite_master";

    const string PageSize = "PRAGMA page_size";

    const string CopyInto = "VACUUM INTO @copy";

    public static void Run(string path, Predecessor predecessor, DatabaseOptions options)
    {
        // Through a link: beside the file that it names.
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var (partial, scratch) = ($"{file}.before-adoption.partial", $"{file}.adopting");
        // What an adoption that was cut short left is worth nothing, whether or not it had come to its end.
        File.Delete(partial);
        File.Delete(scratch);
        if (!Wrote(path, predecessor)) return;

        try
        {
            using var old = SqliteLink.ForAdopting(file, Alone);
            old.Begin();
            old.Commit();

            var copy = KeepAside(old, file, partial, options.Clock.GetUtcNow());
            KeptAside(options.Logger, path, copy);

            using var made = Make(old, scratch, predecessor, options);
            ((SqliteConnection)made.Connection).BackupDatabase((SqliteConnection)old.Connection);
            Adopted(options.Logger, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            || (exception is SqliteException && SqliteFailure.Translate(exception, atCommit: false) is SqliteException))
        {
            throw new DatabaseRefusedException(
                $"The database {path} was written by the original program and can't be adopted; it is as it was. {exception.Message}", exception);
        }
        finally
        {
            File.Delete(partial);
            File.Delete(scratch);
        }
    }

    static bool Wrote(string path, Predecessor predecessor)
    {
        using var link = SqliteLink.ForReading(path);
        return Ask(link, CountTables) > 0 && Synchronously.Result(predecessor.Wrote(new Session(link, null)));
    }

    /// <summary>Copies the old database beside itself, what its log still holds included.</summary>
    /// <returns>The copy: an earlier one, when an adoption that was cut short left one of the same content.</returns>
    static string KeepAside(SqliteLink old, string file, string partial, DateTimeOffset now)
    {
        MakePrivate(partial);
        Synchronously.Result(old.ExecuteAsync(CopyInto, [("@copy", partial)]));

        var digest = Digest(partial);
        var earlier = Directory.GetFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}.before-adoption-*.db");
        if (Array.Find(earlier, copy => digest.AsSpan().SequenceEqual(Digest(copy))) is { } same) return same;

        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var copy = $"{file}.before-adoption-{time}.db";
        // VACUUM INTO leaves it to the system when the copy reaches the disk; the old data must not go before it has.
        DurableFile.Move(partial, copy);
        return copy;
    }

    /// <summary>The new database, complete. Its pages are as large as the old ones: a file with a write-ahead log can't change that.</summary>
    static SqliteLink Make(SqliteLink old, string scratch, Predecessor predecessor, DatabaseOptions options)
    {
        MakePrivate(scratch);
        var made = SqliteLink.ForAdopting(scratch, $"PRAGMA page_size = {Ask(old, PageSize)};\n{Scratch}");
        try
        {
            SchemaMigration.Run(made.Connection, Dialect.Sqlite, options);
            made.Begin();
            Synchronously.Result(ConvertAsync());
            made.Commit();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }

        async ValueTask<bool> ConvertAsync()
        {
            await predecessor.Convert(new Session(old, null), new Transaction(made, null));
            return true;
        }
    }

    // Password hashes are for the owner's eyes only.
    static void MakePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    // The header counts how often a file was changed and copied; what it holds comes behind.
    static byte[] Digest(string path)
    {
        using var file = File.OpenRead(path);
        file.Position = HeaderLength;
        return SHA256.HashData(file);
    }

    static long Ask(SqliteLink link, string sql) =>
        Synchronously.Result(link.FirstOrDefaultAsync(sql, static row => row.GetInt64(0), []));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} was written by the original program: a copy is kept as {Copy}")]
    static partial void KeptAside(ILogger logger, string path, string copy);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} is adopted")]
    static partial void Adopted(ILogger logger, string path);
}
