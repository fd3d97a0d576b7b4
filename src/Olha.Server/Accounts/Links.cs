using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>All SQL that touches <c>links</c>: secrets that work once.</summary>
internal sealed class Links(TimeProvider clock)
{
    const string Insert = """
        INSERT INTO links (token_hash, user_id, creator_id, kind, created_at, expires_at)
        VALUES (@hash, @user, @creator, @kind, @now, @expires)
        RETURNING id
        """;

    /// <param name="tx">The unit of work.</param>
    /// <param name="userId">Whose link it is.</param>
    /// <param name="creatorId">Who makes it; null: somebody at the command line.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="lifetime">How long it can be used.</param>
    /// <returns>The link with its secret, which nobody can read again.</returns>
    public async ValueTask<NewLink> CreateLinkAsync(Transaction tx, long userId, long? creatorId, LinkKind kind, TimeSpan lifetime)
    {
        var now = clock.GetStoredNow();
        var token = SessionToken.New();
        await tx.ScalarAsync<long>(
            Insert, ("@hash", SessionToken.Hash(token)), ("@user", userId), ("@creator", creatorId),
            ("@kind", kind == LinkKind.Recovery ? "recovery" : "device"), ("@now", now.ToUnixTimeMilliseconds()),
            ("@expires", (now + lifetime).ToUnixTimeMilliseconds()));
        return new NewLink(token, kind, now + lifetime);
    }
}
