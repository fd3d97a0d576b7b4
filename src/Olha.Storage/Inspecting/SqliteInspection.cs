using Microsoft.Data.Sqlite;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Inspecting;

/// <summary>Whose a SQLite file is.</summary>
public enum SqliteOwner { Nobody, Ours, Predecessor, Others, NotSqlite }

/// <summary>What a look into a SQLite file shows.</summary>
/// <param name="Owner">Whose it is; <see cref="SqliteOwner.Nobody"/>: there is no file, or an empty one.</param>
/// <param name="Schema">Its schema beside ours.</param>
/// <param name="IsCurrent">Whether it is the file that the last server left; false: an older one was put in its place, or it has moved.</param>
/// <param name="NewestAt">When the newest message was said, by the server's clock; null: nothing was.</param>
/// <param name="Version">SQLite's own version.</param>
public sealed record SqliteLook(SqliteOwner Owner, SchemaState? Schema, bool IsCurrent, DateTimeOffset? NewestAt, string Version);

/// <summary>A SQLite file as a doctor sees it: beside a running server, and without a trace.</summary>
public sealed class SqliteInspection
{
    const string TablesSqlite = """
        SELECT t.name, coalesce((SELECT seq FROM sqlite_sequence s WHERE s.name = t.name), 1000) FROM sqlite_schema t
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 2
        """;
    const string QuickSqlite = "SELECT quick_check FROM pragma_quick_check(@table)";
    const string ThoroughSqlite = "SELECT integrity_check FROM pragma_integrity_check(@table)";
    const string CountSqlite = "SELECT count(*) FROM sqlite_schema";
    const string NonceSqlite = "SELECT nonce FROM epoch WHERE id = 1";
    const string NewestSqlite = "SELECT max(created_at) FROM messages WHERE id = (SELECT max(id) FROM messages)";

    readonly DatabaseOptions _options;
    readonly string _path;

    public SqliteInspection(DatabaseOptions options)
    {
        SqliteLibrary.Load(options.SchemaAssembly);
        (_options, _path) = (options, Path.GetFullPath(options.SqlitePath));
    }

    /// <exception cref="DatabaseUnavailableException">It can't be read.</exception>
    public SqliteLook Look()
    {
        var version = SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        if (!File.Exists(_path) || new FileInfo(_path).Length == 0) return new(SqliteOwner.Nobody, null, true, null, version);
        try
        {
            return Undisturbed(link => Look(link, version));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB)
        {
            return new(SqliteOwner.NotSqlite, null, true, null, version);
        }
        catch (SqliteException e)
        {
            throw new DatabaseUnavailableException($"{_path} can't be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Lets SQLite check every table with its indexes.</summary>
    /// <param name="thorough">Also whether the indexes hold what the tables do: several times as long.</param>
    /// <param name="progress">Told of each table before it is checked, and once at the end: its name, and how much is done of how much.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>What is wrong, at most a few lines; nothing: it is sound.</returns>
    public IReadOnlyList<string> Check(bool thorough, Action<string, long, long> progress, CancellationToken ct)
    {
        try
        {
            return Undisturbed(link => Check(link, thorough, progress, ct));
        }
        catch (SqliteException e)
        {
            ct.ThrowIfCancellationRequested();
            return [e.Message];
        }
    }

    SqliteLook Look(SqliteLink link, string version)
    {
        var schema = SchemaState.Of(link.Connection, Dialect.Sqlite, _options);
        if (schema.Fit is SchemaFit.None)
        {
            var owner = Ask(link, CountSqlite, static row => row.GetInt64(0)) == 0 ? SqliteOwner.Nobody
                : _options.Predecessor is { } predecessor && Synchronously.Result(predecessor.Wrote(new Session(link, null))) ? SqliteOwner.Predecessor
                : SqliteOwner.Others;
            return new(owner, schema, true, null, version);
        }
        var nonce = Ask(link, NonceSqlite, static row => row.GetString(0));
        var beside = $"{_path}.nonce";
        var newest = Ask(link, NewestSqlite, static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0));
        return new(SqliteOwner.Ours, schema, File.Exists(beside) && File.ReadAllText(beside).Trim() == nonce,
            newest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, version);
    }

    static List<string> Check(SqliteLink link, bool thorough, Action<string, long, long> progress, CancellationToken ct)
    {
        link.GiveUpWhen(() => ct.IsCancellationRequested);
        var tables = Synchronously.Result(link.ListAsync(TablesSqlite, static row => (Name: row.GetString(0), Rows: row.GetInt64(1) + 1), []));
        var (done, total, wrong) = (0L, tables.Sum(static it => it.Rows), new List<string>());
        foreach (var (name, rows) in tables)
        {
            progress(name, done, total);
            wrong.AddRange(Synchronously.Result(link.ListAsync(
                thorough ? ThoroughSqlite : QuickSqlite, static row => row.GetString(0), [("@table", name)])).Where(static it => it != "ok"));
            done += rows;
        }
        progress("", total, total);
        return wrong;
    }

    // A file without a log has nobody who works on it, and is read without so much as a lock. Should somebody come in between, what was
    // read may be half of one state and half of another: then once more, the ordinary way.
    T Undisturbed<T>(Func<SqliteLink, T> read)
    {
        if (!File.Exists($"{_path}-wal"))
        {
            var before = State();
            try
            {
                using var alone = SqliteLink.ForLooking(_path, alone: true);
                var result = read(alone);
                if (!File.Exists($"{_path}-wal") && State() == before) return result;
            }
            catch (SqliteException) when (File.Exists($"{_path}-wal") || State() != before) { }
        }
        using var link = SqliteLink.ForLooking(_path, alone: false);
        return read(link);
    }

    (DateTime, long) State() => (File.GetLastWriteTimeUtc(_path), new FileInfo(_path).Length);

    static T? Ask<T>(SqliteLink link, string sql, Func<System.Data.Common.DbDataReader, T?> read) => Synchronously.Result(link.FirstOrDefaultAsync(sql, read, []));
}
