using Microsoft.Data.Sqlite;
using Olha.Storage.Schema;
using Olha.Storage.Sqlite;

namespace Olha.Storage.Moving;

/// <summary>The SQLite database that moves out. Until it is let go, no server can open the file and no other program write to it.</summary>
internal sealed class MoveSource : IDisposable
{
    const string SelectEpochSqlite = "SELECT value, nonce FROM epoch WHERE id = 1";

    const string LastIdSqlite = "SELECT seq FROM sqlite_sequence WHERE name = @table";

    // Virtual tables and what they are made of are made anew by the target's own search.
    const string ColumnsSqlite = """
        SELECT t.name, c.name FROM pragma_table_list t, pragma_table_xinfo(t.name) c
        WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND c.hidden = 0
        """;

    readonly string _path;
    readonly FileClaim _claim;
    readonly SqliteLink _link;

    MoveSource(string path, FileClaim claim, SqliteLink link)
    {
        (_path, _claim, _link) = (path, claim, link);
        (Epoch, Nonce) = Ask(SelectEpochSqlite, static row => (row.GetString(0), row.GetString(1)));
    }

    public string Epoch { get; }

    /// <summary>Renewed whenever a server opens the file.</summary>
    public string Nonce { get; }

    /// <summary>Whether it is the very file that the last server left, not a copy that was made at some time.</summary>
    public bool IsCurrent => File.Exists(NonceBeside) && File.ReadAllText(NonceBeside).Trim() == Nonce;

    string NonceBeside => $"{_path}.nonce";

    SqliteConnection Connection => (SqliteConnection)_link.Connection;

    /// <exception cref="DatabaseRefusedException">It is served, older or newer than this program, or none of ours.</exception>
    public static MoveSource Open(DatabaseOptions options)
    {
        SqliteLibrary.Load(options.SchemaAssembly);
        var path = Path.GetFullPath(options.SqlitePath);
        if (!File.Exists(path)) throw new MoveRefusedException(MoveObstacle.SourceMissing, $"There is no database {path}.");
        var claim = FileClaim.Take(path);
        try
        {
            RefuseUnsuitable(path, options);
            var link = SqliteLink.ForWriting(path);
            try
            {
                link.Begin();
                return new(path, claim, link);
            }
            catch
            {
                link.Dispose();
                throw;
            }
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Every column of every table, as <c>table.column</c>.</summary>
    public HashSet<string> Columns() => [.. Synchronously.Result(_link.ListAsync(ColumnsSqlite, static row => $"{row.GetString(0)}.{row.GetString(1)}", []))];

    public long Count(MovedTable table) => Ask(table.SelectCount, static row => row.GetInt64(0));

    /// <summary>The highest id that the table ever gave, its row may be gone; 0: none.</summary>
    public long LastId(MovedTable table) => Ask(LastIdSqlite, static row => row.GetInt64(0), ("@table", table.Name));

    public SourceRows RowsAfter(MovedTable table, string[] key) => SourceRows.After(Connection, table, key);

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

    /// <summary>From now on a server that opens this file gives it a new epoch: the copy goes on under the old one, and what is said
    /// here afterwards must not be taken for what is said there.</summary>
    public void Retire() => File.Delete(NonceBeside);

    public void Dispose()
    {
        _link.Dispose();
        _claim.Dispose();
    }

    // Looks before a pragma could change a file that is not ours.
    static void RefuseUnsuitable(string path, DatabaseOptions options)
    {
        using var link = SqliteLink.ForReading(path);
        var applied = SchemaMigration.Applied(link.Connection, Dialect.Sqlite);
        var known = SchemaScripts.Find(options, Dialect.Sqlite).Newest;
        if (applied is null)
        {
            throw options.Predecessor is { } predecessor && Synchronously.Result(predecessor.Wrote(new Session(link, null)))
                ? new MoveRefusedException(MoveObstacle.SourceNotAdopted, $"{path} was written by the original program.")
                : new MoveRefusedException(MoveObstacle.SourceForeign, $"{path} is no database of this program.");
        }
        if (applied > known) throw new SchemaTooNewException(applied.Label, known.Label);
        if (applied < known)
            throw new MoveRefusedException(MoveObstacle.SourceOutdated,
                $"{path} was written by an older version of this program: its schema has version {applied.Label}, not {known.Label}.");
    }

    T? Ask<T>(string sql, Func<System.Data.Common.DbDataReader, T?> read, params ReadOnlySpan<(string, object?)> parameters) =>
        Synchronously.Result(_link.FirstOrDefaultAsync(sql, read, parameters));
}
