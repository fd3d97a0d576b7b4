using System.Data.Common;
using System.Text.Json;
using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>audit</c>: administrative acts, each written in the unit of work that does it.</summary>
internal sealed class AuditStore(TimeProvider clock)
{
    const string Insert = """
        INSERT INTO audit (at, actor_id, action, user_id, room_id, details) VALUES (@at, @actor, @action, @user, @room, @details)
        """;
    const string Before = """
        SELECT id, at, actor_id, action, user_id, room_id, details FROM audit WHERE id < @before ORDER BY id DESC LIMIT @limit
        """;

    /// <param name="tx">The unit of work that does it.</param>
    /// <param name="actorId">Who does it; null: the program itself, or its command line.</param>
    /// <param name="action">What.</param>
    /// <param name="userId">To whom.</param>
    /// <param name="roomId">In which room.</param>
    /// <param name="details">What else there is to say; never what somebody wrote in a room.</param>
    public Task AddAsync(
        Transaction tx, long? actorId, AuditAction action, long? userId = null, long? roomId = null,
        IReadOnlyDictionary<string, string>? details = null) =>
        tx.Connection.ExecuteAsync(Insert, new
        {
            at = clock.GetUtcNow().ToUnixTimeMilliseconds(), actor = actorId, action = WordOf(action), user = userId, room = roomId,
            details = details is null ? null : JsonSerializer.Serialize(details, ProtocolJson.Wire.IReadOnlyDictionaryStringString),
        }, tx.DbTransaction);

    /// <summary>What was done before an entry, the last first.</summary>
    public async ValueTask<AuditList> BeforeAsync(Session session, long before, int limit)
    {
        var entries = await session.ListAsync(Before, Read, ("@before", before), ("@limit", limit));
        return new AuditList(entries, entries.Count < limit ? null : entries[^1].Id);
    }

    static string WordOf(AuditAction action) => JsonNamingPolicy.CamelCase.ConvertName(action.ToString());

    static AuditEntry Read(DbDataReader row) => new(
        row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), NumberOrNull(row, 2),
        Enum.Parse<AuditAction>(row.GetString(3), ignoreCase: true), NumberOrNull(row, 4), NumberOrNull(row, 5),
        row.IsDBNull(6) ? null : JsonSerializer.Deserialize(row.GetString(6), ProtocolJson.Wire.IReadOnlyDictionaryStringString));

    static long? NumberOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
