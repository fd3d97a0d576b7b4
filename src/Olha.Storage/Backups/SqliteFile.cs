using Microsoft.Data.Sqlite;
using Olha.Storage.Moving;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Backups;

/// <summary>A SQLite database of this program's schema that is being filled with the rows of another one.</summary>
internal sealed class SqliteFile : IDisposable
{
    // Nobody looks at it before it is complete. References are checked when it is.
    const string PragmasSqlite = """
        PRAGMA journal_mode = MEMORY;
        PRAGMA synchronous = OFF;
        PRAGMA foreign_keys = OFF;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -65536;
        """;

    const string ForgetIdsSqlite = "DELETE FROM sqlite_sequence";

    const string ForgetIdSqlite = "DELETE FROM sqlite_sequence WHERE name = @table";

    const string LastIdSqlite = "INSERT INTO sqlite_sequence (name, seq) VALUES (@table, @last)";

    const string EpochSqlite = "INSERT INTO epoch (id, value, nonce) VALUES (1, @value, @nonce)";

    readonly SqliteLink _link;

    SqliteFile(SqliteLink link) => _link = link;

    SqliteConnection Connection => (SqliteConnection)_link.Connection;

    /// <summary>Makes the schema, and takes away what its scripts have put into it.</summary>
    public static SqliteFile Make(string path, IReadOnlyList<MovedTable> tables, DatabaseOptions options)
    {
        var link = SqliteLink.ForAdopting(path, PragmasSqlite);
        try
        {
            SchemaMigration.Run(link.Connection, Dialect.Sqlite, options);
            link.Begin();
            foreach (var table in tables) Run(link, table.DeleteAll);
            Run(link, ForgetIdsSqlite);
            return new(link);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    public Rows Into(MovedTable table) => new(new(Connection.Handle!, table.InsertRow));

    public RowDigest Digest(MovedTable table, CancellationToken ct)
    {
        var digest = new RowDigest();
        using var rows = SourceRows.All(Connection, table);
        while (rows.Next())
        {
            ct.ThrowIfCancellationRequested();
            rows.AddTo(digest);
        }
        return digest;
    }

    /// <summary>Ids go on after the last one that was ever given.</summary>
    public void SetLastId(MovedTable table, long last)
    {
        Run(_link, ForgetIdSqlite, ("@table", table.Name));
        if (last > 0) Run(_link, LastIdSqlite, ("@table", table.Name), ("@last", last));
    }

    /// <summary>All is in it.</summary>
    public void Finish(string epoch)
    {
        Run(_link, EpochSqlite, ("@value", epoch), ("@nonce", RandomValue.New()));
        _link.Commit();
    }

    public void Dispose() => _link.Dispose();

    static void Run(SqliteLink link, string sql, params ReadOnlySpan<(string, object?)> parameters) =>
        Synchronously.Result(link.ExecuteAsync(sql, parameters));

    /// <summary>Rows that go into one table.</summary>
    internal sealed class Rows(SqliteStatement insert) : IDisposable
    {
        /// <param name="values">By <see cref="MovedTable.Place"/>.</param>
        public void Add(ReadOnlySpan<(string Name, object? Value)> values)
        {
            insert.Bind(values);
            insert.Run();
        }

        public void Dispose() => insert.Dispose();
    }
}
