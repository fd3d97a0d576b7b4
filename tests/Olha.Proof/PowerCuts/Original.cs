using Microsoft.Data.Sqlite;

namespace Olha.Proof;

/// <summary>A database as the program left it that this one succeeds.</summary>
internal static class Original
{
    const int People = 40;
    const int Messages = 400;

    // 2: write-ahead log, as that program had it.
    const string Tables = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE users (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            username TEXT NOT NULL UNIQUE,
            password TEXT NOT NULL UNIQUE,
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        );
        CREATE TABLE schema_migrations (version uint64, dirty bool);
        CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
        INSERT INTO schema_migrations VALUES (3, 0);
        CREATE TABLE channels (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            created_by INTEGER NOT NULL REFERENCES users (id),
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        );
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
            user_id INTEGER NOT NULL REFERENCES users (id),
            user_color TEXT,
            content TEXT NOT NULL,
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        );
        """;

    const string Person = "INSERT INTO users (username, password) VALUES ('person' || @n, '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhW' || @n)";

    const string Channel = "INSERT INTO channels (name, created_by) VALUES ('general', 1), ('tea', 2)";

    const string Message = "INSERT INTO messages (channel_id, user_id, content) VALUES (1 + @n % 2, 1 + @n % 40, 'said ' || @n || ' ' || printf('%.*c', @n, 'x'))";

    /// <summary>Writes one.</summary>
    public static void Write(string file)
    {
        using var connection = Books.Open(file);
        Run(connection, Tables, 0);
        using var transaction = connection.BeginTransaction();
        for (var n = 1; n <= People; n++) Run(connection, Person, n);
        Run(connection, Channel, 0);
        for (var n = 1; n <= Messages; n++) Run(connection, Message, n);
        transaction.Commit();
    }

    /// <summary>Whether a file holds all that one holds, in the original's tables or in ours: what is missing, a sentence each.</summary>
    public static IReadOnlyList<string> Missing(SqliteConnection connection, string bodies)
    {
        var people = Books.List(connection, "SELECT username FROM users", static row => row.GetString(0)).ToHashSet();
        var said = Books.List(connection, bodies, static row => row.GetString(0)).Select(static it => it.Split(' ')[1]).ToHashSet();
        return [
            .. Enumerable.Range(1, People).Select(static n => $"person{n}").Where(name => !people.Contains(name)).Select(static name => $"{name} is gone"),
            .. Enumerable.Range(1, Messages).Select(static n => $"{n}").Where(n => !said.Contains(n)).Select(static n => $"what was said as {n} is gone"),
        ];
    }

    static void Run(SqliteConnection connection, string sql, int n)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("@n", n);
        command.ExecuteNonQuery();
    }
}
