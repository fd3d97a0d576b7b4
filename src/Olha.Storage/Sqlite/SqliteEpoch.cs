using Microsoft.Data.Sqlite;
using Olha.Storage.Schema;

namespace Olha.Storage.Sqlite;

/// <summary>Notices at start that the file has gone back in time.</summary>
/// <remarks>Each start writes a new nonce into the database and then into a file beside it. A copied-back database holds an
/// older one, so the two disagree and the epoch is renewed. Dying between the two writes renews it as well: clients start
/// afresh once for nothing.</remarks>
internal static class SqliteEpoch
{
    const string Select = "SELECT value, nonce FROM epoch WHERE id = 1";

    const string Upsert = """
        INSERT INTO epoch (id, value, nonce) VALUES (1, @value, @nonce)
        ON CONFLICT (id) DO UPDATE SET value = excluded.value, nonce = excluded.nonce
        """;

    public static string Renew(SqliteConnection connection, string path)
    {
        var beside = $"{path}.nonce";
        var held = File.Exists(beside) ? File.ReadAllText(beside).Trim() : null;
        var (value, nonce) = Read(connection);
        if (value is null || nonce != held) value = RandomValue.New();

        nonce = RandomValue.New();
        Write(connection, value, nonce);
        PrivateFile.Write(beside, nonce);
        return value;
    }

    /// <summary>Whatever nonce lies beside this database, it will not be taken for the one that was there.</summary>
    public static void Replace(SqliteConnection connection) => Write(connection, RandomValue.New(), RandomValue.New());

    static void Write(SqliteConnection connection, string value, string nonce)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Upsert;
        command.Parameters.AddWithValue("@value", value);
        command.Parameters.AddWithValue("@nonce", nonce);
        command.ExecuteNonQuery();
    }

    static (string? Value, string? Nonce) Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Select;
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetString(1)) : default;
    }
}
