using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody goes from a room.</summary>
internal sealed class LeaveRoom(Database db, RoomStore rooms, StandingStore standings, Comings comings)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long roomId, CancellationToken ct) =>
        db.WriteAsync<Refusal?>(async tx =>
        {
            var room = await rooms.AdvanceAsync(tx, roomId, Comings.Revs, Comings.Seqs);
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            if (standing.WhyNotLeave() is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }
            await comings.GoAsync(tx, room!, caller.UserId, caller.UserId, SystemEvent.Left);
            return null;
        }, ct);
}
