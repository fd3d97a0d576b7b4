using Npgsql;

namespace Olha.Proof;

/// <summary>An empty database on a PostgreSQL server, gone with this.</summary>
internal sealed class FreshDatabase : IAsyncDisposable
{
    readonly Uri _server;
    readonly string _name = $"olha_proof_{Guid.NewGuid():n}";

    FreshDatabase(Uri server) => _server = server;

    /// <summary>As the program takes it.</summary>
    public string Url => new UriBuilder(_server) { Path = _name }.Uri.AbsoluteUri;

    /// <param name="server">An administrator's address: <c>postgres://user:password@host:port</c>.</param>
    public static async Task<FreshDatabase> OnAsync(string server)
    {
        var database = new FreshDatabase(new Uri(server));
        await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        return database;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    // The name is of letters and digits, and made here.
#pragma warning disable CA2100
    async Task ExecuteAsync(string sql)
    {
        var user = _server.UserInfo.Split(':', 2);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = _server.Host, Port = _server.Port > 0 ? _server.Port : 5432, Database = "postgres", Pooling = false,
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
