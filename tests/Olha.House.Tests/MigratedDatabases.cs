using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Olha.Storage;

namespace Olha.House.Tests;

/// <summary>One empty database of each kind, migrated by the program's own scripts. <c>OLHA_TEST_POSTGRES</c> names the server.</summary>
public sealed class MigratedDatabases : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("olha-house-").FullName;
    readonly string _name = $"olha_house_{Guid.NewGuid():n}";
    NpgsqlConnection? _server;

    public DbConnection Sqlite { get; private set; } = null!;

    public DbConnection Postgres { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var url = new Uri(Environment.GetEnvironmentVariable("OLHA_TEST_POSTGRES")
            ?? throw new InvalidOperationException("Set OLHA_TEST_POSTGRES, or run script/test house, which starts a server."));
        _server = new(Connection(url, "postgres"));
        await _server.OpenAsync();
        await ExecuteAsync(_server, $"CREATE DATABASE {_name}");
        var file = Path.Combine(_folder, "olha.db");
        await MigrateAsync(new DatabaseOptions { SchemaAssembly = typeof(Server.ChatHost).Assembly, SqlitePath = file });
        await MigrateAsync(new DatabaseOptions
        {
            SchemaAssembly = typeof(Server.ChatHost).Assembly, PostgresUrl = new UriBuilder(url) { Path = _name }.Uri.ToString(),
        });
        Sqlite = new SqliteConnection($"Data Source={file};Pooling=false");
        Postgres = new NpgsqlConnection(Connection(url, _name));
        await Sqlite.OpenAsync();
        await Postgres.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Sqlite.DisposeAsync();
        await Postgres.DisposeAsync();
        await ExecuteAsync(_server!, $"DROP DATABASE {_name} WITH (FORCE)");
        await _server!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<List<string>> LinesAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }

    static async Task MigrateAsync(DatabaseOptions options) => await (await Database.OpenAsync(options, default)).DisposeAsync();

    static string Connection(Uri url, string database)
    {
        var account = url.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = url.Host, Port = url.Port, Database = database, Pooling = false,
            Username = Uri.UnescapeDataString(account[0]), Password = account.Length > 1 ? Uri.UnescapeDataString(account[1]) : null,
        }.ConnectionString;
    }
}
