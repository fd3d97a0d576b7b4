using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>An administrator makes a link with which somebody who has lost their password sets a new one.</summary>
internal sealed class MakeRecoveryLink(Database db, AccountStore accounts, PeopleDirectory people, Links links, AuditStore audit)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public ValueTask<Outcome<NewLink>> RunAsync(Caller caller, long userId, CancellationToken ct) =>
        db.WriteAsync<Outcome<NewLink>>(async tx =>
        {
            await accounts.AdvanceAsync(tx, userId, 0);
            var whom = await people.FindAsync(tx, userId);
            // Who may not come in needs no way in.
            if ((Authority.WhyNotReach(await people.FindAsync(tx, caller.UserId), whom) ?? Authority.WhyNotActive(whom)) is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }

            await audit.AddAsync(tx, caller.UserId, AuditAction.RecoveryLinkMade, userId);
            return await links.CreateLinkAsync(tx, userId, caller.UserId, LinkKind.Recovery, Lifetime);
        }, ct);
}
