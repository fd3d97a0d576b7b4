using Olha.Protocol;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>The rooms that somebody comes into by an invitation.</summary>
internal sealed class InvitationRooms(RoomStore rooms, MembershipStore memberships, Comings comings)
{
    /// <summary>Locks rooms, by id.</summary>
    /// <returns>Those that are still there and not archived.</returns>
    public async Task<IReadOnlyList<long>> LockAsync(Transaction tx, IEnumerable<long> roomIds)
    {
        List<long> there = [];
        foreach (var roomId in roomIds.Distinct().Order())
            if (await rooms.AdvanceAsync(tx, roomId, 0, 0) is { Archived: false }) there.Add(roomId);
        return there;
    }

    /// <summary>Brings somebody into locked rooms, those left out that they are in already.</summary>
    public async Task ComeAsync(Transaction tx, IReadOnlyList<long> lockedIds, long userId)
    {
        foreach (var roomId in lockedIds)
        {
            if (await memberships.FindAsync(tx, roomId, userId) is { Joined: true }) continue;
            var room = await rooms.AdvanceAsync(tx, roomId, Comings.Revs, Comings.Seqs);
            await comings.ComeAsync(tx, room!, userId, userId, SystemEvent.Joined);
        }
    }
}
