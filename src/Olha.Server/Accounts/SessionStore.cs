using System.Data.Common;
using Dapper;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>sessions</c>.</summary>
/// <remarks>The hashes are mapped by hand: Dapper takes bytes for a list of values.</remarks>
internal sealed class SessionStore
{
    // By the unique index on token_hash, then the account by its key.
    const string Find = """
        SELECT s.id, s.user_id, s.used_at, s.expires_at, u.username, u.role
        FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = @hash AND u.state = 'active'
        """;

    const string Insert = """
        INSERT INTO sessions (token_hash, user_id, device, created_at, used_at, expires_at)
        VALUES (@hash, @user, @device, @now, @now, @expires)
        RETURNING id
        """;

    const string Touch = "UPDATE sessions SET used_at = @now WHERE id = @session AND used_at < @now";

    const string Delete = "DELETE FROM sessions WHERE id = @session";

    const string DeleteOwn = "DELETE FROM sessions WHERE id = @session AND user_id = @user";

    const string CountOpen = "SELECT COUNT(*) FROM sessions WHERE id = @session AND token_hash = @hash";

    const string DeleteByHash = "DELETE FROM sessions WHERE token_hash = @hash RETURNING id, user_id";

    const string SetHash = "UPDATE sessions SET token_hash = @hash WHERE id = @session";

    // The index sessions_user.
    const string List = """
        SELECT id, device, created_at, used_at, expires_at FROM sessions
        WHERE user_id = @user AND expires_at > @now AND used_at > @idleSince ORDER BY used_at DESC, id DESC
        """;

    const string DeleteOf = "DELETE FROM sessions WHERE user_id = @user AND id <> @except RETURNING id";
    const string DeleteEnded = "DELETE FROM sessions WHERE user_id = @user AND (expires_at <= @now OR used_at <= @idleSince)";

    // Neither database has the other's way to make rows of a list. Each id is looked up by the key.
    const string EndedSqlite = """
        SELECT CAST(it.value AS INTEGER) FROM json_each(@ids) AS it WHERE NOT EXISTS (
            SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = it.value AND s.expires_at > @now AND u.state = 'active')
        """;

    // A plain NOT EXISTS PostgreSQL turns into a join with everybody's sessions.
    const string EndedPostgres = """
        SELECT it.value FROM unnest(CAST(string_to_array(btrim(@ids, '[]'), ',') AS bigint[])) AS it(value) WHERE (
            SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = it.value AND s.expires_at > @now AND u.state = 'active') IS NULL
        """;

    public ValueTask<SessionRow?> FindAsync(Session session, byte[] hash) => session.FirstOrDefaultAsync(Find, Read, ("@hash", hash));

    public ValueTask<long> AddAsync(Transaction tx, byte[] hash, long userId, string device, long now, long expires) =>
        tx.ScalarAsync<long>(Insert, ("@hash", hash), ("@user", userId), ("@device", device), ("@now", now), ("@expires", expires));

    public Task TouchAsync(Transaction tx, long sessionId, long now) =>
        tx.Connection.ExecuteAsync(Touch, new { session = sessionId, now }, tx.DbTransaction);

    public Task DeleteAsync(Transaction tx, long sessionId) =>
        tx.Connection.ExecuteAsync(Delete, new { session = sessionId }, tx.DbTransaction);

    /// <summary>Whether a session that asked for something is still there, under the same secret. Under the person's lock, which whoever changes
    /// the password takes.</summary>
    public async ValueTask<bool> IsOpenAsync(Session session, Caller caller) =>
        await session.ScalarAsync<long>(CountOpen, ("@session", caller.SessionId), ("@hash", caller.SecretHash)) > 0;

    /// <summary>One of a person's own sessions.</summary>
    /// <returns>Whether they had it.</returns>
    public async ValueTask<bool> DeleteOwnAsync(Transaction tx, long userId, long sessionId) =>
        await tx.ExecuteAsync(DeleteOwn, ("@session", sessionId), ("@user", userId)) > 0;

    /// <returns>The session that had this secret and whose it was; null: none.</returns>
    public ValueTask<EndedSession?> DeleteByHashAsync(Transaction tx, byte[] hash) =>
        tx.FirstOrDefaultAsync(DeleteByHash, static row => new EndedSession(row.GetInt64(0), row.GetInt64(1)), ("@hash", hash));

    /// <summary>Gives a session another secret.</summary>
    /// <returns>Whether it is still there.</returns>
    public async ValueTask<bool> SetHashAsync(Transaction tx, long sessionId, byte[] hash) =>
        await tx.ExecuteAsync(SetHash, ("@session", sessionId), ("@hash", hash)) > 0;

    /// <summary>A person's sessions, the last used first.</summary>
    public ValueTask<List<OwnSession>> ListAsync(Session session, long userId, long now, long idleSince) => session.ListAsync(
        List, static row => new OwnSession(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        ("@user", userId), ("@now", now), ("@idleSince", idleSince));

    /// <summary>All sessions of a person but one.</summary>
    /// <returns>Their ids.</returns>
    public ValueTask<List<long>> DeleteOfAsync(Transaction tx, long userId, long exceptSessionId) =>
        tx.ListAsync(DeleteOf, static row => row.GetInt64(0), ("@user", userId), ("@except", exceptSessionId));

    /// <summary>A person's sessions that ended by themselves.</summary>
    public Task DeleteEndedAsync(Transaction tx, long userId, long now, long idleSince) =>
        tx.Connection.ExecuteAsync(DeleteEnded, new { user = userId, now, idleSince }, tx.DbTransaction);

    /// <summary>Those of these sessions that have ended, whoever ended them.</summary>
    public ValueTask<List<long>> EndedAsync(Session session, IEnumerable<long> sessionIds, long now) => session.ListAsync(
        session.Dialect is Dialect.Sqlite ? EndedSqlite : EndedPostgres, static row => row.GetInt64(0),
        ("@ids", $"[{string.Join(',', sessionIds)}]"), ("@now", now));

    static SessionRow Read(DbDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetString(5));
}

/// <summary>A session with the account that it belongs to. Times are milliseconds since 1970 UTC.</summary>
internal sealed record SessionRow(long Id, long UserId, long UsedAt, long ExpiresAt, string Username, string Role);

/// <summary>A session in its owner's list. Times are milliseconds since 1970 UTC.</summary>
internal sealed record OwnSession(long Id, string Device, long CreatedAt, long UsedAt, long ExpiresAt)
{
    /// <param name="idle">After so long without use it ends.</param>
    /// <param name="current">Whether it is the one that asks.</param>
    public SessionInfo ToInfo(TimeSpan idle, bool current)
    {
        var used = DateTimeOffset.FromUnixTimeMilliseconds(UsedAt);
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt);
        return new SessionInfo(
            Id, Device, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), used, used + idle < expires ? used + idle : expires, current);
    }
}

/// <summary>A session that is no more.</summary>
internal sealed record EndedSession(long Id, long UserId);
