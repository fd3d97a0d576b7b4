using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody takes an access token of theirs back: it opens nothing more, and its sockets close.</summary>
internal sealed class RevokeToken(Database db, TokenStore tokens, Sessions sessions)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long tokenId, CancellationToken ct) =>
        db.WriteAsync<Refusal?>(async tx =>
        {
            if (!await tokens.DeleteOwnAsync(tx, caller.UserId, tokenId)) return Refusal.NotFound;
            tx.AfterCommit(() => sessions.Cut(caller.UserId, -tokenId));
            return null;
        }, ct);
}
