using System.Data.Common;
using System.Text.Json;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>access_tokens</c>.</summary>
internal sealed class TokenStore
{
    const string Columns = "id, name, scopes, created_at, used_at, expires_at";

    // By the unique index on token_hash, then the account by its key.
    const string Find = """
        SELECT t.id, t.user_id, u.username, u.role, t.scopes, t.used_at, t.expires_at
        FROM access_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = @hash AND u.state = 'active'
        """;

    // The index access_tokens_user.
    const string List = $"SELECT {Columns} FROM access_tokens WHERE user_id = @user AND (expires_at IS NULL OR expires_at > @now) ORDER BY id DESC";

    const string Count = "SELECT COUNT(*) FROM access_tokens WHERE user_id = @user";

    const string Insert = $"""
        INSERT INTO access_tokens (token_hash, user_id, name, scopes, created_at, expires_at)
        VALUES (@hash, @user, @name, @scopes, @now, @expires)
        RETURNING {Columns}
        """;

    const string Touch = "UPDATE access_tokens SET used_at = @now WHERE id = @token AND (used_at IS NULL OR used_at < @now)";

    const string DeleteOwn = "DELETE FROM access_tokens WHERE id = @token AND user_id = @user";

    const string DeleteOf = "DELETE FROM access_tokens WHERE user_id = @user RETURNING id";

    const string DeleteEnded = "DELETE FROM access_tokens WHERE user_id = @user AND expires_at <= @now";

    // As SessionStore asks for sessions.
    const string EndedSqlite = """
        SELECT CAST(it.value AS INTEGER) FROM json_each(@ids) AS it WHERE NOT EXISTS (
            SELECT 1 FROM access_tokens t JOIN users u ON u.id = t.user_id
            WHERE t.id = it.value AND (t.expires_at IS NULL OR t.expires_at > @now) AND u.state = 'active')
        """;

    const string EndedPostgres = """
        SELECT it.value FROM unnest(CAST(string_to_array(btrim(@ids, '[]'), ',') AS bigint[])) AS it(value) WHERE (
            SELECT t.id FROM access_tokens t JOIN users u ON u.id = t.user_id
            WHERE t.id = it.value AND (t.expires_at IS NULL OR t.expires_at > @now) AND u.state = 'active') IS NULL
        """;

    /// <summary>Those of these tokens that have expired or were revoked, whoever did it.</summary>
    public ValueTask<List<long>> EndedAsync(Session session, IEnumerable<long> tokenIds, long now) => session.ListAsync(
        session.Dialect is Dialect.Sqlite ? EndedSqlite : EndedPostgres, static row => row.GetInt64(0),
        ("@ids", $"[{string.Join(',', tokenIds)}]"), ("@now", now));

    public ValueTask<TokenRow?> FindAsync(Session session, byte[] hash) => session.FirstOrDefaultAsync(
        Find, static row => new TokenRow(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), ScopesOf(row.GetString(4)), TimeOrNull(row, 5), TimeOrNull(row, 6)),
        ("@hash", hash));

    /// <summary>A person's tokens that have not ended, the newest first.</summary>
    public ValueTask<List<AccessTokenInfo>> ListAsync(Session session, long userId, DateTimeOffset now) =>
        session.ListAsync(List, Read, ("@user", userId), ("@now", now.ToUnixTimeMilliseconds()));

    public ValueTask<long> CountAsync(Session session, long userId) => session.ScalarAsync<long>(Count, ("@user", userId));

    public async ValueTask<AccessTokenInfo> AddAsync(
        Transaction tx, byte[] hash, long userId, string name, IReadOnlyList<Scope> scopes, DateTimeOffset now, DateTimeOffset? expires) =>
        (await tx.FirstOrDefaultAsync(
            Insert, Read, ("@hash", hash), ("@user", userId), ("@name", name), ("@scopes", string.Join(' ', scopes.Select(Word))),
            ("@now", now.ToUnixTimeMilliseconds()), ("@expires", expires?.ToUnixTimeMilliseconds())))!;

    public Task TouchAsync(Transaction tx, long tokenId, long now) => tx.ExecuteAsync(Touch, ("@token", tokenId), ("@now", now)).AsTask();

    /// <summary>One of a person's own tokens.</summary>
    /// <returns>Whether they had it.</returns>
    public async ValueTask<bool> DeleteOwnAsync(Transaction tx, long userId, long tokenId) =>
        await tx.ExecuteAsync(DeleteOwn, ("@token", tokenId), ("@user", userId)) > 0;

    /// <summary>All tokens of a person.</summary>
    /// <returns>Their ids.</returns>
    public ValueTask<List<long>> DeleteOfAsync(Transaction tx, long userId) =>
        tx.ListAsync(DeleteOf, static row => row.GetInt64(0), ("@user", userId));

    /// <summary>A person's tokens that ended by themselves.</summary>
    public ValueTask<int> DeleteEndedAsync(Transaction tx, long userId, DateTimeOffset now) =>
        tx.ExecuteAsync(DeleteEnded, ("@user", userId), ("@now", now.ToUnixTimeMilliseconds()));

    static AccessTokenInfo Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), ScopesOf(row.GetString(2)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        TimeOrNull(row, 4), TimeOrNull(row, 5));

    static string Word(Scope scope) => JsonNamingPolicy.CamelCase.ConvertName(scope.ToString());

    static Scope[] ScopesOf(string words) => Array.ConvertAll(words.Split(' '), static word => Enum.Parse<Scope>(word, ignoreCase: true));

    static DateTimeOffset? TimeOrNull(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}

/// <summary>An access token with the account that it belongs to.</summary>
internal sealed record TokenRow(
    long Id, long UserId, string Username, string Role, IReadOnlyList<Scope> Scopes, DateTimeOffset? UsedAt, DateTimeOffset? ExpiresAt);
