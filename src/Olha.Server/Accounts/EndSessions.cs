using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Ends a person's sessions within whatever is the reason for it: they are deleted, forgotten, and their sockets closed.</summary>
/// <remarks>Open links for another device go with them: each is a session to be. Access tokens stay, and are read anew: those of somebody
/// who is no longer active open nothing.</remarks>
internal sealed class EndSessions(SessionStore store, Sessions sessions, Links links, Announcer live)
{
    /// <param name="tx">The unit of work.</param>
    /// <param name="userId">Whose.</param>
    /// <param name="exceptSessionId">The one that stays; null: all end.</param>
    /// <param name="code">What their sockets are told: <see cref="CloseCode.SessionEnded"/> or <see cref="CloseCode.Banned"/>.</param>
    /// <returns>How many ended.</returns>
    public async ValueTask<int> RunAsync(Transaction tx, long userId, long? exceptSessionId = null, CloseCode code = CloseCode.SessionEnded)
    {
        var ended = await store.DeleteOfAsync(tx, userId, exceptSessionId ?? 0);
        await links.DeleteOfAsync(tx, userId, LinkKind.Device);
        tx.AfterCommit(() =>
        {
            sessions.Forget(userId);
            // All at once also closes a socket whose session ended in another way.
            if (exceptSessionId is null) live.EndAllSessions(userId, code);
            else foreach (var sessionId in ended) live.EndSession(userId, sessionId);
        });
        return ended.Count;
    }
}
