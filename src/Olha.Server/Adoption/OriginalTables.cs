using System.Data.Common;
using Olha.Storage;

namespace Olha.Server.Adoption;

/// <summary>All SQL that reads the original's tables: <c>users</c> and, in later versions, <c>channels</c> and <c>messages</c>.</summary>
internal sealed class OriginalTables(Session old)
{
    /// <summary>Messages read at a time.</summary>
    const int Page = 1000;

    // Its users have a password, ours a password_hash; and its migrations keep no schema_versions.
    const string CountOwnColumnsSqlite = """
        SELECT COUNT(*) FROM pragma_table_info('users')
        WHERE name IN ('id', 'username', 'password') AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'schema_versions')
        """;

    const string CountTablesSqlite = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @table";

    // All columns: which of them are there depends on the version.
    const string UsersOriginal = "SELECT * FROM users ORDER BY id";

    const string ChannelsOriginal = "SELECT * FROM channels ORDER BY id";

    const string MessagesOriginal = "SELECT * FROM messages WHERE id > @after ORDER BY id LIMIT @limit";

    const string ContentOriginal = "SELECT content FROM messages WHERE id = @id";

    /// <summary>Whether the file is the original's.</summary>
    public async ValueTask<bool> AreThereAsync() => await old.ScalarAsync<long>(CountOwnColumnsSqlite) == 3;

    public ValueTask<List<OldUser>> UsersAsync() => old.ListAsync(UsersOriginal, static row =>
        new OldUser(row.Number("id") ?? 0, row.Text("username"), row.Text("password"), row.Time("created_at")));

    public async ValueTask<List<OldChannel>> ChannelsAsync() => !await HasAsync("channels") ? [] :
        await old.ListAsync(ChannelsOriginal, static row => new OldChannel(
            row.Number("id") ?? 0, row.Text("name"), row.Text("description"), row.Number("created_by"), row.Time("created_at")));

    /// <summary>Every message by id, without its content: where it lies, whose it is, when it was said.</summary>
    public async IAsyncEnumerable<OldMessage> MessagesAsync()
    {
        if (!await HasAsync("messages")) yield break;

        List<OldMessage> page;
        var after = long.MinValue;
        do
        {
            page = await old.ListAsync(MessagesOriginal, ReadMessage, ("@after", after), ("@limit", Page));
            foreach (var message in page) yield return message;
            if (page.Count > 0) after = page[^1].Id;
        }
        while (page.Count == Page);
    }

    public async ValueTask<string> ContentAsync(long messageId) =>
        await old.FirstOrDefaultAsync(ContentOriginal, static row => row.Text("content"), ("@id", messageId)) ?? "";

    static OldMessage ReadMessage(DbDataReader row) =>
        new(row.Number("id") ?? 0, row.Number("channel_id"), row.Number("user_id"), row.Time("created_at"));

    async ValueTask<bool> HasAsync(string table) => await old.ScalarAsync<long>(CountTablesSqlite, ("@table", table)) > 0;
}

/// <param name="Id">Kept.</param>
/// <param name="Username">Anything at all.</param>
/// <param name="Password">A bcrypt hash.</param>
/// <param name="CreatedAt">Milliseconds since 1970 UTC, as all times here; null when it can't be read.</param>
internal sealed record OldUser(long Id, string? Username, string? Password, long? CreatedAt);

internal sealed record OldChannel(long Id, string? Name, string? Description, long? CreatedBy, long? CreatedAt);

internal readonly record struct OldMessage(long Id, long? ChannelId, long? UserId, long? CreatedAt);
