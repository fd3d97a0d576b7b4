using System.Data.Common;
using Dapper;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>server</c>: its settings and the head of its stream, in which people are too.</summary>
internal sealed class ServerStore(ServerOptions options)
{
    const string Advance = "UPDATE server SET last_rev = last_rev + @revs WHERE id = 1 RETURNING last_rev";
    const string Find = """
        SELECT name, receipts, rev, last_rev, registration, message_length, messages_per_minute, retention_days FROM server WHERE id = 1
        """;
    const string Set = """
        UPDATE server SET name = @name, receipts = @receipts, registration = @registration, message_length = @messageLength,
            messages_per_minute = @messagesPerMinute, retention_days = @retentionDays, rev = @rev
        WHERE id = 1
        """;

    /// <summary>Takes the next <paramref name="revs"/> revisions of the server's stream, and with them its lock.</summary>
    /// <returns>The new head.</returns>
    public Task<long> AdvanceAsync(Transaction tx, int revs) =>
        tx.Connection.QuerySingleAsync<long>(Advance, new { revs }, tx.DbTransaction);

    /// <summary>Gives the settings a new form, at a revision that the caller has taken.</summary>
    public Task SetAsync(Transaction tx, ServerRow row) => tx.Connection.ExecuteAsync(Set, new
    {
        name = row.Name, receipts = row.Receipts ? 1L : 0L, registration = row.Registration, messageLength = row.MessageLength,
        messagesPerMinute = row.MessagesPerMinute, retentionDays = row.RetentionDays, rev = row.Rev,
    }, tx.DbTransaction);

    public async ValueTask<ServerRow> FindAsync(Session session) => (await session.FirstOrDefaultAsync(Find, ServerRow.Read))!;

    /// <summary>The settings as they hold: what was not set in the app is as the configuration has it.</summary>
    public ServerSettings SettingsOf(ServerRow row) => new(
        row.Name, row.Receipts, row.Rev, row.Registration is { } word ? Parse(word) : options.Registration,
        row.MessageLength ?? options.MessageLength, row.MessagesPerMinute ?? PerMinute(options), row.RetentionDays);

    /// <summary>A registration as the database spells it.</summary>
    public static string Word(Registration registration) => registration switch
    {
        Registration.Open => "open",
        Registration.Invite => "invite",
        _ => "closed",
    };

    static Registration Parse(string word) => word switch
    {
        "open" => Registration.Open,
        "invite" => Registration.Invite,
        _ => Registration.Closed,
    };

    static long PerMinute(ServerOptions options) =>
        options.MessagesPerSecond <= 0 || options.MessageBurst <= 0 ? 0 : Math.Max(1, (long)Math.Round(options.MessagesPerSecond * 60));
}

/// <summary>The server's own row; <paramref name="LastRev"/> is its stream's head. Null: as the configuration has it.</summary>
internal sealed record ServerRow(
    string Name, bool Receipts, long Rev, long LastRev, string? Registration, long? MessageLength, long? MessagesPerMinute, long? RetentionDays)
{
    public static ServerRow Read(DbDataReader row) => new(
        row.GetString(0), row.GetInt64(1) == 1, row.GetInt64(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4),
        NumberOrNull(row, 5), NumberOrNull(row, 6), NumberOrNull(row, 7));

    static long? NumberOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
