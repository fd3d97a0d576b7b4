using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody changes how they are shown.</summary>
internal sealed class ChangeProfile(Database db, AccountStore accounts, PeopleDirectory people, ServerStore server, Announcer live)
{
    const int LongestName = 64;
    const int LongestStatus = 100;

    public async ValueTask<Outcome<Person>> RunAsync(Caller caller, ProfileBody body, CancellationToken ct)
    {
        string? displayName = null, status = null;
        if (body.DisplayName is not null && !PlainLine.TryRead(body.DisplayName, LongestName, out displayName)) return Refusal.InvalidName;
        if (!string.IsNullOrWhiteSpace(body.Status) && !PlainLine.TryRead(body.Status, LongestStatus, out status)) return Refusal.InvalidStatus;

        return await db.WriteAsync<Outcome<Person>>(async tx =>
        {
            var rev = await server.AdvanceAsync(tx, 1);
            var me = (await people.FindAsync(tx, caller.UserId))!;
            var changed = me with { DisplayName = displayName ?? me.DisplayName, Status = body.Status is null ? me.Status : status };
            if (changed == me)
            {
                tx.Rollback();
                return me;
            }

            changed = changed with { Rev = rev };
            await accounts.SetProfileAsync(tx, changed);
            tx.AfterCommit(() => live.Announce(Topics.Server, new PersonChange(rev, changed)));
            return changed;
        }, ct);
    }
}
