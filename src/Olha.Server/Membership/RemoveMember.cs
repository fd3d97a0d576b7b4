using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>A moderator of the room sends somebody out. Who removes themselves leaves.</summary>
internal sealed class RemoveMember(
    Database db, RoomStore rooms, StandingStore standings, MembershipStore memberships, Comings comings, LeaveRoom leave, AuditStore audit)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long roomId, long userId, CancellationToken ct) =>
        userId == caller.UserId ? leave.RunAsync(caller, roomId, ct) : db.WriteAsync<Refusal?>(async tx =>
        {
            var room = await rooms.AdvanceAsync(tx, roomId, Comings.Revs, Comings.Seqs);
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            var refusal = standing.WhyNotRemove()
                ?? (await memberships.FindAsync(tx, roomId, userId) is { Joined: true } ? null : Refusal.NotFound);
            if (refusal is not null)
            {
                tx.Rollback();
                return refusal;
            }
            await comings.GoAsync(tx, room!, userId, caller.UserId, SystemEvent.Removed);
            await audit.AddAsync(tx, caller.UserId, AuditAction.MemberRemoved, userId, roomId);
            return null;
        }, ct);
}
