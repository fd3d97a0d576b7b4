using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody who has an account comes into the rooms of an invitation. Their role stays as it is.</summary>
/// <remarks>It counts once a person and lets nobody in twice: whoever has left since, or was removed, needs another one.</remarks>
internal sealed class AcceptInvitation(
    Database db, AccountStore accounts, PeopleDirectory people, InvitationStore invitations, InvitationRooms rooms, PlaceStore places)
{
    /// <returns>The invitation's rooms that they are in now.</returns>
    public async ValueTask<Outcome<RoomList>> RunAsync(Caller caller, string? token, CancellationToken ct)
    {
        if (await db.ReadAsync(session => invitations.FindAsync(session, token), ct) is not { } invitation) return Refusal.InvalidInvitation;

        return await db.WriteAsync<Outcome<RoomList>>(async tx =>
        {
            var there = await rooms.LockAsync(tx, invitation.RoomIds);
            await accounts.AdvanceAsync(tx, caller.UserId, 0);
            if (Authority.WhyNotActive(await people.FindAsync(tx, caller.UserId)) is { } refusal) return Nothing(tx, refusal);
            if (await invitations.WasUsedByAsync(tx, invitation.Id, caller.UserId)) return Nothing(tx, await PlacesAsync(tx, caller, there));
            if (!await invitations.TakeAsync(tx, invitation.Id)) return Nothing(tx, Refusal.InvalidInvitation);

            await invitations.AddUseAsync(tx, invitation.Id, caller.UserId);
            await rooms.ComeAsync(tx, there, caller.UserId);
            return await PlacesAsync(tx, caller, there);
        }, ct);
    }

    static Outcome<RoomList> Nothing(Transaction tx, Outcome<RoomList> answer)
    {
        tx.Rollback();
        return answer;
    }

    async Task<RoomList> PlacesAsync(Transaction tx, Caller caller, IReadOnlyList<long> roomIds)
    {
        List<Place> mine = [];
        foreach (var roomId in roomIds)
            if (await places.FindAsync(tx, caller.UserId, roomId) is { Joined: true } place) mine.Add(place);
        return new RoomList(mine);
    }
}
