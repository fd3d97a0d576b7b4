using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody changes how they are shown.</summary>
internal sealed class ChangeProfile(Database db, AccountStore accounts, PeopleDirectory people, ServerStore server, Announcer live)
{
    const int LongestName = 64;

    public async ValueTask<Outcome<Person>> RunAsync(Caller caller, ProfileBody body, CancellationToken ct)
    {
        string? displayName = null;
        if (body.DisplayName is not null && !PlainLine.TryRead(body.DisplayName, LongestName, out displayName)) return Refusal.InvalidName;

        return await db.WriteAsync<Outcome<Person>>(async tx =>
        {
            var rev = await server.AdvanceAsync(tx, 1);
            var me = (await people.FindAsync(tx, caller.UserId))!;
            if (displayName is null || displayName == me.DisplayName)
            {
                tx.Rollback();
                return me;
            }

            await accounts.SetDisplayNameAsync(tx, me.Id, displayName, rev);
            me = me with { DisplayName = displayName, Rev = rev };
            tx.AfterCommit(() => live.Announce(Topics.Server, new PersonChange(rev, me)));
            return me;
        }, ct);
    }
}
