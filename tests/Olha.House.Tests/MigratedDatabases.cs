using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Olha.Storage;
using Olha.Testing;

namespace Olha.House.Tests;

/// <summary>One empty database of each kind, migrated by the program's own scripts.</summary>
public sealed class MigratedDatabases : IAsyncLifetime
{
    readonly TempFolder _folder = new();
    readonly PostgresServer _server = new();

    public DbConnection Sqlite { get; private set; } = null!;

    public DbConnection Postgres { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (file, address) = (_folder["olha.db"], await _server.NewDatabaseAsync());
        var schema = typeof(Server.ChatHost).Assembly;
        await MigrateAsync(new DatabaseOptions { SchemaAssembly = schema, SqlitePath = file });
        await MigrateAsync(new DatabaseOptions { SchemaAssembly = schema, PostgresUrl = address });
        Sqlite = new SqliteConnection($"Data Source={file};Pooling=false");
        Postgres = new NpgsqlConnection(PostgresServer.Settings(new(address)));
        await Sqlite.OpenAsync();
        await Postgres.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Sqlite.DisposeAsync();
        await Postgres.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
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
}
