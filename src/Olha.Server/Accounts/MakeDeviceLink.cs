using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>Somebody makes a link that signs another device of theirs in, once and soon.</summary>
internal sealed class MakeDeviceLink(Database db, AccountStore accounts, PeopleDirectory people, SessionStore sessions, Links links)
{
    static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Links that one person may have open; of more the oldest goes.</summary>
    public const int Most = 5;

    public ValueTask<Outcome<NewLink>> RunAsync(Caller caller, CancellationToken ct) => db.WriteAsync<Outcome<NewLink>>(async tx =>
    {
        // Under the person's lock, as an access token is made.
        await accounts.AdvanceAsync(tx, caller.UserId, 0);
        var refusal = Authority.WhyNotActive(await people.FindAsync(tx, caller.UserId))
            ?? (await sessions.IsOpenAsync(tx, caller) ? null : Refusal.NoSession);
        if (refusal is not null)
        {
            tx.Rollback();
            return refusal;
        }
        var link = await links.CreateLinkAsync(tx, caller.UserId, caller.UserId, LinkKind.Device, s_lifetime);
        await links.KeepNewestAsync(tx, caller.UserId, LinkKind.Device, Most);
        return link;
    }, ct);
}
