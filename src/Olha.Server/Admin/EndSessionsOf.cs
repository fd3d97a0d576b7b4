using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>An administrator signs somebody out of all their devices.</summary>
internal sealed class EndSessionsOf(
    Database db, AccountStore accounts, PeopleDirectory people, EndSessions ends, AuditStore audit)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long userId, CancellationToken ct) =>
        db.WriteAsync(async tx =>
        {
            await accounts.AdvanceAsync(tx, userId, 0);
            var refusal = Authority.WhyNotReach(await people.FindAsync(tx, caller.UserId), await people.FindAsync(tx, userId));
            if (refusal is not null)
            {
                tx.Rollback();
                return refusal;
            }

            var count = await ends.RunAsync(tx, userId);
            await audit.AddAsync(tx, caller.UserId, AuditAction.SessionsEnded, userId, details: new Dictionary<string, string>
            {
                ["count"] = count.ToString(CultureInfo.InvariantCulture),
            });
            return null;
        }, ct);
}
