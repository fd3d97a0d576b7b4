using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Olha.Protocol;
using Olha.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Olha.Server.Tests.Commands;

/// <summary>A SQLite file, an empty PostgreSQL database, and the real program between them.</summary>
internal sealed class MovingHouse : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("olha-moving-");
    readonly string? _source;

    MovingHouse(string target, string? source = null) => (Target, _source) = (target, source);

    public string Folder => _folder.FullName;

    /// <summary>The SQLite file.</summary>
    public string Source => _source ?? Path.Combine(Folder, "house.db");

    /// <summary>The PostgreSQL database, as a setting names it.</summary>
    public string Target { get; }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<MovingHouse> CreateAsync(PostgresServer server) => new(await server.NewDatabaseAsync());

    /// <summary>Two that are there already, to be compared. Its folder is in nobody's way.</summary>
    public static MovingHouse Between(string file, string database) => new(database, file);

    /// <summary>Only the file.</summary>
    public static MovingHouse OfOneFile() => new("");

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }

    /// <summary>The server on the file.</summary>
    public RunningProgram ServeHere(params (string Name, string Value)[] more) => RunningProgram.Start(Folder, Variables(more));

    /// <summary>The server on PostgreSQL.</summary>
    public RunningProgram ServeThere() => RunningProgram.Start(Folder, new Dictionary<string, string>(Variables()) { ["DATABASE_URL"] = Target });

    public RunningProgram StartMigrating(params string[] more) =>
        RunningProgram.Start(Folder, Variables(), ["migrate", "--from", "sqlite", "--to", Target, .. more]);

    /// <summary>Moves, and says how it ended.</summary>
    public Task<(int Code, string Said, string Complaint)> MigrateAsync(params string[] more) => EndedAsync(StartMigrating(more));

    public async Task<(int Code, string Said, string Complaint)> RunAsync(params string[] arguments) =>
        await EndedAsync(RunningProgram.Start(Folder, Variables(), arguments));

    /// <summary>On the file, or on PostgreSQL.</summary>
    public RunningProgram Start(bool postgres, params string[] arguments) => RunningProgram.Start(
        Folder, postgres ? new Dictionary<string, string>(Variables()) { ["DATABASE_URL"] = Target } : Variables(), arguments);
    /// <summary>The same with other settings.</summary>
    public Task<(int Code, string Said, string Complaint)> RunAsync((string Name, string Value)[] more, params string[] arguments) =>
        EndedAsync(Start(more, arguments));

    /// <summary>A command, and does not wait for it.</summary>
    public RunningProgram Start((string Name, string Value)[] more, params string[] arguments) => RunningProgram.Start(Folder, Variables(more), arguments);

    public static async Task<(int Code, string Said, string Complaint)> EndedAsync(RunningProgram program)
    {
        await using var _ = program;
        var (code, complaint) = await program.EndedAsync();
        return (code, program.Said.TrimEnd(), complaint.TrimEnd());
    }

    /// <summary>Serves for as long as a visit takes.</summary>
    public static async Task VisitAsync(RunningProgram server, Func<Uri, Task> visit)
    {
        await using var _ = server;
        await visit(await server.Address);
        server.Terminate();
        await server.EndedAsync();
    }

    /// <summary>A file with somebody called ana in it, and as many messages as are wanted in General.</summary>
    public async Task TalkativeAsync(int messages)
    {
        await VisitAsync(ServeHere(), async address => (await SignUpAsync(address, "ana")).Dispose());
        ExecuteHere($"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})
            INSERT INTO messages (room_id, seq, rev, author_id, cid, kind, body, body_hash, created_at)
            SELECT 1, r.last_seq + i, r.last_rev + i, 1, 'c' || i, 'text', 'olá ' || hex(zeroblob(i % 60)) || i, zeroblob(32), 1756384496000 + i
            FROM n, rooms r WHERE r.id = 1;
            UPDATE rooms SET last_seq = last_seq + {messages}, last_rev = last_rev + {messages} WHERE id = 1;
            """);
    }

    public static async Task<Guest> SignUpAsync(Uri address, string name)
    {
        using var stranger = new Client(address);
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(name, Guest.Password, Bearer: true));
        return new Guest(address, answer.Me, answer.Token!);
    }

    public void ExecuteHere(string sql)
    {
        using var connection = OpenHere();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public async Task<T?> AskThereAsync<T>(string sql)
    {
        await using var connection = await OpenThereAsync();
        return await AskAsync<T>(connection, sql);
    }

    public string AskHere(string sql) => Ask(Source, sql);

    /// <summary>The first value of a file, as a text.</summary>
    public static string Ask(string file, string sql)
    {
        using var connection = Open(file);
        using var command = new SqliteCommand(sql, connection);
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>Every row of every table is on the other side too, and no other, whatever the program says.</summary>
    public async Task AssertSameAsync()
    {
        await using var there = await OpenThereAsync();
        using var here = OpenHere();
        var tables = Names(new SqliteCommand(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('schema_versions', 'epoch')", here));
        Assert.True(tables.Count >= 15);
        foreach (var table in tables)
        {
            var columns = string.Join(", ", Names(new SqliteCommand($"SELECT name FROM pragma_table_info('{table}')", here)));
            var expected = Texts(new SqliteCommand($"SELECT {columns} FROM {table}", here));
            var found = Texts(new NpgsqlCommand($"SELECT {columns} FROM {table}", there));
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Rows that an unfinished move has stored; null: none is under way.</summary>
    public async Task<long?> CopiedAsync()
    {
        await using var connection = await OpenThereAsync();
        return await CopiedAsync(connection);
    }

    public static async Task<long?> CopiedAsync(NpgsqlConnection connection)
    {
        try
        {
            return (long)await AskAsync<decimal>(connection, "SELECT coalesce(sum(copied), 0) FROM olha_move_tables");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    public async Task<NpgsqlConnection> OpenThereAsync()
    {
        var connection = new NpgsqlConnection(PostgresServer.Settings(new(Target)));
        await connection.OpenAsync(Ct);
        return connection;
    }

    Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = Source, ["LIMIT_MESSAGE_BURST"] = "0" };
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    SqliteConnection OpenHere() => Open(Source);

    static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    static async Task<T?> AskAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct) is T value ? value : default;
    }

    static List<string> Texts(System.Data.Common.DbCommand command)
    {
        using var _ = command;
        using var row = command.ExecuteReader();
        var texts = new List<string>();
        while (row.Read()) texts.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Text(row.GetValue(i)))));
        return texts;
    }

    static List<string> Names(System.Data.Common.DbCommand command) => [.. Texts(command).Select(text => text.Trim('\''))];

    static string Text(object value) => value switch
    {
        DBNull => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        string text => $"'{text}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
