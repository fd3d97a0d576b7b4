using Dapper;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>sessions</c>.</summary>
internal sealed class SessionStore
{
    // By the unique index on token_hash, then the account by its key.
    const string Find = """
        SELECT s.id, s.user_id, s.used_at, s.expires_at, u.username, u.role
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = @hash
        """;

    const string Insert = """
        INSERT INTO sessions (token_hash, user_id, device, created_at, used_at, expires_at)
        VALUES (@hash, @user, @device, @now, @now, @expires)
        RETURNING id
        """;

    const string Touch = "UPDATE sessions SET used_at = @now WHERE id = @session AND used_at < @now";

    const string Delete = "DELETE FROM sessions WHERE id = @session";

    const string DeleteEnded = "DELETE FROM sessions WHERE user_id = @user AND (expires_at <= @now OR used_at <= @idleSince)";

    public Task<SessionRow?> FindAsync(Session session, byte[] hash) =>
        session.Connection.QueryFirstOrDefaultAsync<SessionRow>(Find, new { hash }, session.DbTransaction);

    public Task<long> AddAsync(Transaction tx, byte[] hash, long userId, string device, long now, long expires) =>
        tx.Connection.QuerySingleAsync<long>(Insert, new { hash, user = userId, device, now, expires }, tx.DbTransaction);

    public Task TouchAsync(Transaction tx, long sessionId, long now) =>
        tx.Connection.ExecuteAsync(Touch, new { session = sessionId, now }, tx.DbTransaction);

    public Task DeleteAsync(Transaction tx, long sessionId) =>
        tx.Connection.ExecuteAsync(Delete, new { session = sessionId }, tx.DbTransaction);

    /// <summary>A person's sessions that ended by themselves.</summary>
    public Task DeleteEndedAsync(Transaction tx, long userId, long now, long idleSince) =>
        tx.Connection.ExecuteAsync(DeleteEnded, new { user = userId, now, idleSince }, tx.DbTransaction);
}

/// <summary>A session with the account that it belongs to. Times are milliseconds since 1970 UTC.</summary>
internal sealed record SessionRow(long Id, long UserId, long UsedAt, long ExpiresAt, string Username, string Role);
