using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Server.Adoption;
using Olha.Storage;

namespace Olha.Server.Tests.Adoption;

/// <summary>A database file as the Go program left it, in a folder of its own, and what becomes of it.</summary>
internal sealed class OriginalFile : IDisposable
{
    const string Accounts = """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            username TEXT NOT NULL UNIQUE,
            password TEXT NOT NULL UNIQUE,
            created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
        );
        CREATE INDEX idx_users_username_password ON users (username, password);
        CREATE TABLE schema_migrations (version uint64, dirty bool);
        CREATE UNIQUE INDEX version_unique ON schema_migrations (version);
        INSERT INTO schema_migrations VALUES (1, 0);
        """;

    const string Talk = """
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
        CREATE INDEX idx_messages_channel ON messages (channel_id, created_at);
        UPDATE schema_migrations SET version = 3;
        """;

    SqliteConnection? _connection;

    OriginalFile(string? copyOf)
    {
        if (copyOf is not null) File.Copy(copyOf, Path);
        else Execute(Accounts);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("olha-original-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "chat.db");

    /// <summary>All files in its folder.</summary>
    public IEnumerable<string> Names =>
        new DirectoryInfo(Folder).GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal);

    /// <summary>The copies that lie beside it.</summary>
    public string[] Copies => Directory.GetFiles(Folder, "*.before-adoption-*");

    /// <summary>A file that the Go program itself wrote: alice / <c>alice-secret-1</c>, bruno / <c>bruno-secret-1</c>.</summary>
    public static OriginalFile Genuine() =>
        new(System.IO.Path.Combine(AppContext.BaseDirectory, "Adoption", "original-db", "users-only.db"));

    /// <summary>Of a version that knew users only.</summary>
    public static OriginalFile OfUsers() => new(null);

    /// <summary>Of a version that knew channels and messages too.</summary>
    public static OriginalFile OfChannels()
    {
        var file = new OriginalFile(null);
        file.Execute(Talk);
        return file;
    }

    /// <param name="id">The row's id.</param>
    /// <param name="name">Text, or bytes that are none.</param>
    /// <param name="password">Null: any bcrypt hash will do.</param>
    /// <param name="at">As the driver wrote it.</param>
    public OriginalFile User(long id, object name, string? password = null, object? at = null)
    {
        var hash = password is null ? $"$2a$10$Yd1TrNHDi/vMEoqtHCnxxe.g7flcmKyoTvX3ExD1fvhBHSSJol{id:d4}" : BCrypt.Net.BCrypt.HashPassword(password, 4);
        return Execute("INSERT INTO users VALUES (@0, CAST(@1 AS TEXT), @2, @3)", id, name, hash, at ?? "2025-08-28 12:00:00");
    }

    public OriginalFile Channel(long id, object name, string? description = null, long by = 1, object? at = null) =>
        Execute("INSERT INTO channels VALUES (@0, CAST(@1 AS TEXT), @2, @3, @4)", id, name, description, by, at ?? "2025-08-28 13:00:00");

    public OriginalFile Message(long id, object? channel, object? user, object content, object? at = null) =>
        Execute("INSERT INTO messages VALUES (@0, @1, @2, '#fff', CAST(@3 AS TEXT), @4)", id, channel, user, content, at ?? "2025-08-28 14:00:00");

    public OriginalFile Execute(string sql, params object?[] values)
    {
        if (_connection is null)
        {
            // The Go program checked no foreign keys on most of its connections.
            _connection = new SqliteConnection($"Data Source={Path};Pooling=False;Foreign Keys=False");
            _connection.Open();
        }
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"@{i}", values[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
        return this;
    }

    /// <summary>The Go program ends properly.</summary>
    public OriginalFile Close()
    {
        _connection?.Dispose();
        _connection = null;
        return this;
    }

    /// <summary>Opens it as this program does at start, and closes it again.</summary>
    /// <param name="logger">Hears what happened.</param>
    /// <param name="meanwhile">Runs in the middle of it: when the new database is filled but for its commit.</param>
    public async Task<AdoptedFile> AdoptAsync(ILogger? logger = null, Action? meanwhile = null)
    {
        Close();
        await AdoptAsync(Path, logger, meanwhile);
        return new AdoptedFile(Path);
    }

    public static async Task AdoptAsync(string path, ILogger? logger = null, Action? meanwhile = null)
    {
        var program = OriginalProgram.ToAdopt(logger ?? NullLogger.Instance, TimeProvider.System);
        await using var database = await Database.OpenAsync(new DatabaseOptions
        {
            SqlitePath = path, SchemaAssembly = typeof(ChatHost).Assembly, Logger = logger ?? NullLogger.Instance,
            Predecessor = program with
            {
                Convert = async (old, fresh) =>
                {
                    await program.Convert(old, fresh);
                    meanwhile?.Invoke();
                },
            },
        }, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Close();
        Directory.Delete(Folder, recursive: true);
    }
}
