using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Olha.Proof;

/// <summary>Connections of the proof's own to the program's database.</summary>
internal static class Databases
{
    /// <summary>Opens the SQLite file of a node's folder, or the PostgreSQL database that is named.</summary>
    public static async Task<DbConnection> OpenAsync(string folder, string? databaseUrl, CancellationToken ct)
    {
        DbConnection connection = databaseUrl is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "olha.db"), Pooling = false }.ConnectionString)
            : new NpgsqlConnection(Settings(databaseUrl));
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>Makes a fresh, empty PostgreSQL database.</summary>
    /// <param name="administrator">An address that may make databases.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Its address.</returns>
    public static async Task<string> NewAsync(string administrator, CancellationToken ct)
    {
        var name = $"proof_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(Settings(administrator));
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is ours.
        command.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
        return new UriBuilder(administrator) { Path = name }.Uri.AbsoluteUri;
    }

    /// <summary><c>postgres://user:password@host:port/database</c> as the driver takes it.</summary>
    public static string Settings(string databaseUrl)
    {
        var address = new Uri(databaseUrl);
        var user = address.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host, Port = address.Port > 0 ? address.Port : 5432, Database = address.AbsolutePath.TrimStart('/') is { Length: > 0 } name ? name : "postgres",
            Username = Uri.UnescapeDataString(user[0]), Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null, Pooling = false,
        }.ConnectionString;
    }
}
