using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Ends every way into an account but its password: sessions, access tokens and links. Whoever stole one of them, or made one
/// while they were in, is out with it.</summary>
internal sealed class EndAccess(EndSessions endSessions, Sessions sessions, TokenStore tokens, Links links)
{
    /// <param name="tx">The unit of work.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="exceptSessionId">The session that stays; null: all end.</param>
    public async ValueTask RunAsync(Transaction tx, long userId, long? exceptSessionId = null)
    {
        await endSessions.RunAsync(tx, userId, exceptSessionId);
        await links.DeleteOfAsync(tx, userId, kind: null);
        var revoked = await tokens.DeleteOfAsync(tx, userId);
        tx.AfterCommit(() =>
        {
            foreach (var tokenId in revoked) sessions.Cut(userId, -tokenId);
        });
    }
}
