using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody leaves by the door: the session ends, and its sockets with it.</summary>
internal sealed class SignOut(Database db, Sessions sessions)
{
    public async ValueTask RunAsync(Caller caller, CancellationToken ct) =>
        await db.WriteAsync(async tx =>
        {
            await sessions.EndAsync(tx, caller);
            return true;
        }, ct);
}
