using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>Which errors of SQLite mean "not now" rather than a wrong statement.</summary>
internal static class SqliteFailure
{
    /// <summary>A failed write or sync during commit leaves it open whether the log holds the commit after a crash;
    /// a full disk and a lock are known to have stored nothing.</summary>
    public static Exception Translate(Exception exception, bool atCommit) =>
        exception is SqliteException sqlite && Sentence(sqlite.SqliteErrorCode) is { } sentence
            ? new DatabaseUnavailableException(sentence, atCommit && sqlite.SqliteErrorCode == raw.SQLITE_IOERR, sqlite)
            : exception;

    /// <summary>The connection's view of the file can no longer be trusted: open another.</summary>
    public static bool Breaks(Exception exception) =>
        (exception as SqliteException ?? exception.InnerException as SqliteException)?.SqliteErrorCode is
            raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_CANTOPEN;

    static string? Sentence(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => "Another program holds the database's lock.",
        raw.SQLITE_FULL => "The disk is full.",
        raw.SQLITE_IOERR => "The disk failed to read or write.",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "The database file can't be opened for writing.",
        raw.SQLITE_NOMEM => "Out of memory.",
        _ => null,
    };
}
