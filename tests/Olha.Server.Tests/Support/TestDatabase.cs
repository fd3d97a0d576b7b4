using Npgsql;
using Olha.Server.Configuration;

namespace Olha.Server.Tests;

/// <summary>A database that nobody else uses, gone when the test is: a file in a folder of its own, or a database on a
/// PostgreSQL server.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    readonly Uri? _server;
    readonly string _name = $"olha_{Guid.NewGuid():n}";

    TestDatabase(Uri? server) => _server = server;

    /// <summary>A folder of its own, whatever the database.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("olha-test-").FullName;

    public static bool IsPostgres => Environment.GetEnvironmentVariable("OLHA_TEST_DATABASE") == "postgres";

    /// <summary>Whether there is a PostgreSQL server for tests at all.</summary>
    public static bool HasPostgres => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OLHA_TEST_POSTGRES"));

    public static Task<TestDatabase> CreateAsync() => IsPostgres ? OnPostgresAsync() : Task.FromResult(new TestDatabase(null));

    /// <summary>On PostgreSQL, whatever this run is about.</summary>
    public static async Task<TestDatabase> OnPostgresAsync()
    {
        var server = Environment.GetEnvironmentVariable("OLHA_TEST_POSTGRES")
            ?? throw new InvalidOperationException("Set OLHA_TEST_POSTGRES to postgres://user:password@host:port of a server for tests.");
        var database = new TestDatabase(new Uri(server));
        await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    public ServerOptions Apply(ServerOptions options) => options with
    {
        DbName = Path.Combine(Folder, "olha.db"),
        DatabaseUrl = _server is null ? null : new UriBuilder(_server) { Path = _name }.Uri.ToString(),
    };

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Keeps everybody from a table of it on PostgreSQL until it is disposed.</summary>
    public async Task<IAsyncDisposable> LockAsync(string table)
    {
        var connection = await ConnectAsync(_name);
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync("postgres");
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    async Task<NpgsqlConnection> ConnectAsync(string name)
    {
        var account = _server!.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = _server.Host, Port = _server.Port, Username = Uri.UnescapeDataString(account[0]),
            Password = account.Length > 1 ? Uri.UnescapeDataString(account[1]) : null, Database = name, Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
