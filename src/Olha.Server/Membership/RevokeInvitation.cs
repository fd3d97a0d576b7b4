using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>An administrator ends an invitation, whoever made it. Who came by it stays. Twice is no error.</summary>
internal sealed class RevokeInvitation(
    Database db, AccountStore accounts, PeopleDirectory people, InvitationStore invitations, AuditStore audit)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long invitationId, CancellationToken ct) =>
        db.WriteAsync(async tx =>
        {
            await accounts.AdvanceAsync(tx, caller.UserId, 0);
            var refusal = Authority.WhyNotAdminister(await people.FindAsync(tx, caller.UserId))
                ?? (await invitations.FindAsync(tx, invitationId) is null ? Refusal.NotFound : null);
            if (refusal is null && await invitations.RevokeAsync(tx, invitationId))
                await audit.AddAsync(tx, caller.UserId, AuditAction.InvitationRevoked, details: new Dictionary<string, string>
                {
                    ["invitation"] = invitationId.ToString(CultureInfo.InvariantCulture),
                });
            else tx.Rollback();
            return refusal;
        }, ct);
}
