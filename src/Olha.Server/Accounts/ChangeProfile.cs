using Olha.Protocol;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody changes how they are shown.</summary>
internal sealed class ChangeProfile(Database db, AccountStore accounts, PeopleDirectory people, ServerStore server, Announcer live)
{
    const int LongestName = 64;
    const int LongestStatus = 100;
    const int LongestPronouns = 40;

    public async ValueTask<Outcome<Person>> RunAsync(Caller caller, ProfileBody body, CancellationToken ct)
    {
        string? displayName = null, status = null, pronouns = null;
        if (body.DisplayName is not null && !PlainLine.TryRead(body.DisplayName, LongestName, out displayName)) return Refusal.InvalidName;
        if (!string.IsNullOrWhiteSpace(body.Status) && !PlainLine.TryRead(body.Status, LongestStatus, out status)) return Refusal.InvalidStatus;
        if (!string.IsNullOrWhiteSpace(body.Pronouns) && !PlainLine.TryRead(body.Pronouns, LongestPronouns, out pronouns)) return Refusal.InvalidPronouns;
        if (!string.IsNullOrWhiteSpace(body.TimeZone) && !TimeZoneName.IsSound(body.TimeZone)) return Refusal.InvalidTimeZone;

        return await db.WriteAsync<Outcome<Person>>(async tx =>
        {
            var rev = await server.AdvanceAsync(tx, 1);
            var me = await people.FindAsync(tx, caller.UserId);
            if (Authority.WhyNotActive(me) is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }
            var changed = me! with
            {
                DisplayName = displayName ?? me.DisplayName,
                Status = body.Status is null ? me.Status : status,
                Pronouns = body.Pronouns is null ? me.Pronouns : pronouns,
                TimeZone = body.TimeZone is null ? me.TimeZone : string.IsNullOrWhiteSpace(body.TimeZone) ? null : body.TimeZone,
            };
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
