using System.Data.Common;
using Dapper;
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

    const string DeleteOf = "DELETE FROM sessions WHERE user_id = @user AND id <> @except RETURNING id";
    const string DeleteEnded = "DELETE FROM sessions WHERE user_id = @user AND (expires_at <= @now OR used_at <= @idleSince)";

    // Neither database has the other's way to make rows of a list. Each id is looked up by the key.
    const string EndedSqlite = """
        SELECT CAST(it.value AS INTEGER) FROM json_each(@ids) AS it WHERE NOT EXISTS (
            SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = it.value AND s.expires_at > @now AND u.state = 'active')
        """;

    const string EndedPostgres = """
        SELECT it.value FROM unnest(CAST(string_to_array(btrim(@ids, '[]'), ',') AS bigint[])) AS it(value) WHERE NOT EXISTS (
            SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = it.value AND s.expires_at > @now AND u.state = 'active')
        """;

    public ValueTask<SessionRow?> FindAsync(Session session, byte[] hash) => session.FirstOrDefaultAsync(Find, Read, ("@hash", hash));

    public ValueTask<long> AddAsync(Transaction tx, byte[] hash, long userId, string device, long now, long expires) =>
        tx.ScalarAsync<long>(Insert, ("@hash", hash), ("@user", userId), ("@device", device), ("@now", now), ("@expires", expires));

    public Task TouchAsync(Transaction tx, long sessionId, long now) =>
        tx.Connection.ExecuteAsync(Touch, new { session = sessionId, now }, tx.DbTransaction);

    public Task DeleteAsync(Transaction tx, long sessionId) =>
        tx.Connection.ExecuteAsync(Delete, new { session = sessionId }, tx.DbTransaction);

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
