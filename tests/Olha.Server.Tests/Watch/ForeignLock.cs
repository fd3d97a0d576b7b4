using Microsoft.Data.Sqlite;

namespace Olha.Server.Tests.Watch;

/// <summary>Another program's lock on a SQLite file: nothing can be written until it is gone.</summary>
internal sealed class ForeignLock : IAsyncDisposable
{
    readonly SqliteConnection _connection;

    ForeignLock(SqliteConnection connection) => _connection = connection;

    public static async Task<ForeignLock> TakeAsync(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new ForeignLock(connection);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
