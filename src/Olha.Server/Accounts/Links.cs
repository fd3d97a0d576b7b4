using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Links that work once, and all SQL that touches <c>links</c>.</summary>
internal sealed class Links(TimeProvider clock)
{
    const string Insert = """
        INSERT INTO links (token_hash, user_id, creator_id, kind, created_at, expires_at)
        VALUES (@hash, @user, @creator, @kind, @now, @expires)
        """;

    // By the unique index on token_hash, then the account by its key. Whom it is for must still be let in.
    const string Find = """
        SELECT l.user_id, l.kind, l.expires_at, u.username, u.display_name FROM links l JOIN users u ON u.id = l.user_id
        WHERE l.token_hash = @hash AND l.expires_at > @now AND u.state = 'active'
        """;

    // Of all who use it at once, one gets the row.
    const string Take = "DELETE FROM links WHERE token_hash = @hash AND expires_at > @now RETURNING user_id, kind, expires_at";

    const string DeleteOf = "DELETE FROM links WHERE user_id = @user AND kind = @kind";

    const string DeleteAllOf = "DELETE FROM links WHERE user_id = @user";

    const string DeleteEnded = "DELETE FROM links WHERE user_id = @user AND expires_at <= @now";

    // The newest stay.
    const string DeleteOldest = """
        DELETE FROM links WHERE user_id = @user AND kind = @kind AND id NOT IN (
            SELECT id FROM links WHERE user_id = @user AND kind = @kind ORDER BY id DESC LIMIT @kept)
        """;

    /// <summary>Makes a link in the caller's unit of work, and clears away those of the person that ended.</summary>
    /// <param name="tx">The unit of work.</param>
    /// <param name="userId">Whom it lets in.</param>
    /// <param name="creatorId">Who makes it; null: the program's command line.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="lifetime">How long it works.</param>
    /// <returns>Its secret, which nobody can read again.</returns>
    public async ValueTask<NewLink> CreateLinkAsync(Transaction tx, long userId, long? creatorId, LinkKind kind, TimeSpan lifetime)
    {
        var now = clock.GetStoredNow();
        await tx.ExecuteAsync(DeleteEnded, ("@user", userId), ("@now", now.ToUnixTimeMilliseconds()));
        var link = new NewLink(SessionToken.New(), kind, now + lifetime);
        await tx.ExecuteAsync(
            Insert, ("@hash", SessionToken.Hash(link.Token)), ("@user", userId), ("@creator", creatorId), ("@kind", Word(kind)),
            ("@now", now.ToUnixTimeMilliseconds()), ("@expires", link.ExpiresAt.ToUnixTimeMilliseconds()));
        return link;
    }

    /// <summary>What a secret is for; null: nothing, or not any more.</summary>
    public ValueTask<OpenLink?> FindAsync(Session session, string token) => session.FirstOrDefaultAsync(
        Find, static row => new OpenLink(row.GetInt64(0), new LinkInfo(
            Parse(row.GetString(1)), row.GetString(3), row.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)))),
        ("@hash", SessionToken.Hash(token)), ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>Spends a link.</summary>
    /// <returns>Whose it was and what for; null: it had been spent, or ended.</returns>
    public ValueTask<SpentLink?> TakeAsync(Transaction tx, string token) => tx.FirstOrDefaultAsync(
        Take, static row => new SpentLink(row.GetInt64(0), Parse(row.GetString(1))),
        ("@hash", SessionToken.Hash(token)), ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>All of a person's links of a kind, or of both.</summary>
    public ValueTask<int> DeleteOfAsync(Transaction tx, long userId, LinkKind? kind) => kind is { } one
        ? tx.ExecuteAsync(DeleteOf, ("@user", userId), ("@kind", Word(one)))
        : tx.ExecuteAsync(DeleteAllOf, ("@user", userId));

    /// <summary>Lets the oldest links of a kind go.</summary>
    public ValueTask<int> KeepNewestAsync(Transaction tx, long userId, LinkKind kind, int kept) =>
        tx.ExecuteAsync(DeleteOldest, ("@user", userId), ("@kind", Word(kind)), ("@kept", kept));

    static string Word(LinkKind kind) => kind == LinkKind.Recovery ? "recovery" : "device";

    static LinkKind Parse(string word) => word == "recovery" ? LinkKind.Recovery : LinkKind.Device;
}

/// <summary>A link that can still be used.</summary>
internal sealed record OpenLink(long UserId, LinkInfo Info);

/// <summary>A link that has just been used.</summary>
internal sealed record SpentLink(long UserId, LinkKind Kind);
