using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>A member brings somebody into the room. Who is in it already stays as they are.</summary>
internal sealed class InviteMember(Database db, RoomStore rooms, StandingStore standings, MembershipStore memberships, Comings comings)
{
    public ValueTask<Outcome<Member>> RunAsync(Caller caller, long roomId, long userId, CancellationToken ct) =>
        db.WriteAsync<Outcome<Member>>(async tx =>
        {
            var room = await rooms.AdvanceAsync(tx, roomId, Comings.Revs, Comings.Seqs);
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            if (standing.WhyNotInvite() is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }
            if (await memberships.FindAsync(tx, roomId, userId) is { Joined: true } member)
            {
                tx.Rollback();
                return member;
            }
            if (await comings.ComeAsync(tx, room!, userId, caller.UserId, SystemEvent.Invited) is { } newcomer) return newcomer;

            tx.Rollback();
            return Refusal.NotFound;
        }, ct);
}
