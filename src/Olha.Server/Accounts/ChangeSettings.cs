using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>The server's owner changes what holds for everybody.</summary>
internal sealed class ChangeSettings(Database db, PeopleDirectory people, ServerStore server, Announcer live)
{
    const int LongestName = 64;

    public async ValueTask<Outcome<ServerSettings>> RunAsync(Caller caller, SettingsBody body, CancellationToken ct)
    {
        string? name = null;
        if (body.Name is not null && !PlainLine.TryRead(body.Name, LongestName, out name)) return Refusal.InvalidName;

        return await db.WriteAsync<Outcome<ServerSettings>>(async tx =>
        {
            var rev = await server.AdvanceAsync(tx, 1);
            var before = (await server.FindAsync(tx)).ToSettings();
            var after = new ServerSettings(name ?? before.Name, body.Receipts ?? before.Receipts, rev);
            var isOwner = (await people.FindAsync(tx, caller.UserId))?.Role == Role.Owner;
            if (!isOwner || after with { Rev = before.Rev } == before)
            {
                tx.Rollback();
                return isOwner ? before : Refusal.Forbidden;
            }
            await server.SetAsync(tx, after);
            tx.AfterCommit(() => live.Announce(Topics.Server, new SettingsChange(rev, after)));
            return after;
        }, ct);
    }
}
