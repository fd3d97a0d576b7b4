using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody signs another of their devices out, or all of them.</summary>
internal sealed class EndOwnSession(Database db, SessionStore store, Sessions sessions, EndSessions endSessions)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long sessionId, CancellationToken ct) =>
        db.WriteAsync<Refusal?>(async tx =>
        {
            if (!await store.DeleteOwnAsync(tx, caller.UserId, sessionId)) return Refusal.NotFound;
            tx.AfterCommit(() => sessions.Cut(caller.UserId, sessionId));
            return null;
        }, ct);

    /// <summary>All but the one that asks.</summary>
    public async ValueTask AllOthersAsync(Caller caller, CancellationToken ct) =>
        await db.WriteAsync(tx => endSessions.RunAsync(tx, caller.UserId, caller.SessionId), ct);
}
