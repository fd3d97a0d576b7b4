using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>An administrator deletes a room: from then on there is none, for anybody. Its messages go when <see cref="Retention"/>
/// comes by.</summary>
internal sealed class DeleteRoom(
    Database db, AccountStore accounts, RoomStore rooms, StandingStore standings, MembershipStore memberships, DraftStore drafts,
    AuditStore audit, Announcer live, TimeProvider clock)
{
    public ValueTask<Refusal?> RunAsync(Caller caller, long roomId, CancellationToken ct) => db.WriteAsync<Refusal?>(async tx =>
    {
        await rooms.AdvanceAsync(tx, roomId, 0, 0); // the lock: nobody comes or goes any more
        var standing = await standings.StandingOf(tx, caller.UserId, roomId);
        if (standing.WhyNotDelete() is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }

        var now = clock.GetStoredNow();
        var members = await memberships.ListAsync(tx, roomId);
        var heads = (await rooms.AdvanceAsync(tx, roomId, members.Count, 0))!;
        for (var i = 0; i < members.Count; i++) // by id, as everybody does who locks several people
            await DismissAsync(tx, roomId, members[i].UserId, heads.LastRev - members.Count + 1 + i, now);
        await drafts.ForgetRoomAsync(tx, roomId);
        await rooms.SetDeletedAsync(tx, roomId, now);
        await audit.AddAsync(tx, caller.UserId, AuditAction.RoomDeleted, roomId: roomId, details: new Dictionary<string, string>
        {
            ["name"] = standing.Room!.Name!,
        });
        return null;
    }, ct);

    // The room's own stream tells nothing more: nobody is left to hear it.
    async Task DismissAsync(Transaction tx, long roomId, long userId, long rev, DateTimeOffset now)
    {
        var personRev = (await accounts.AdvanceAsync(tx, userId, 1))!.Value;
        await memberships.GoAsync(tx, roomId, userId, rev, personRev, now);
        tx.AfterCommit(() =>
        {
            live.Dismiss(userId, roomId, personRev);
            live.Announce(Topics.Person(userId), new PlaceChange(personRev, PlaceRow.Ended(roomId, personRev)));
        });
    }
}
