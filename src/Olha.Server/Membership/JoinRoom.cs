using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody comes into an open room. Who is in it already finds it as it was.</summary>
internal sealed class JoinRoom(Database db, RoomStore rooms, StandingStore standings, PlaceStore places, Comings comings)
{
    public ValueTask<Outcome<Place>> RunAsync(Caller caller, long roomId, CancellationToken ct) =>
        db.WriteAsync<Outcome<Place>>(async tx =>
        {
            await rooms.AdvanceAsync(tx, roomId, 0, 0); // only the lock: who is in it already sees its heads as they are
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            if (standing.WhyNotJoin() is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }
            if (standing.Joined) tx.Rollback();
            else
            {
                var room = await rooms.AdvanceAsync(tx, roomId, Comings.Revs, Comings.Seqs);
                await comings.ComeAsync(tx, room!, caller.UserId, caller.UserId, SystemEvent.Joined);
            }
            return (await places.FindAsync(tx, caller.UserId, roomId))!;
        }, ct);
}
