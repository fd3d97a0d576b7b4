using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody goes for good: no way in is left, nothing of who they were, and they are in no room but the direct ones, which stay
/// for the others. What they said stays under nobody's name, or is removed.</summary>
internal sealed class DeleteAccount(
    Database db, AccountStore accounts, PeopleDirectory people, ServerStore server, RoomStore rooms, MembershipStore memberships,
    Comings comings, DraftStore drafts, SavedStore saved, EndAccess endAccess, ProvePassword prove, RemoveMessages removal, AuditStore audit,
    InvitationStore invitations, Announcer live)
{
    public async ValueTask<Refusal?> RunAsync(Caller caller, DeleteAccountBody body, Visitor visitor, CancellationToken ct) =>
        (await prove.RunAsync(caller, body.Password, visitor, ct)).Refusal
        ?? await db.WriteAsync(tx => StoreAsync(tx, caller.UserId, body.RemoveMessages), ct);

    async ValueTask<Refusal?> StoreAsync(Transaction tx, long userId, bool removeMessages)
    {
        // Locked in the order in which everybody locks: rooms by id, the person, the server.
        foreach (var roomId in await memberships.NotDirectAsync(tx, userId)) await rooms.AdvanceAsync(tx, roomId, 0, 0);
        await accounts.AdvanceAsync(tx, userId, 0);
        var rev = await server.AdvanceAsync(tx, 1);
        if (Authority.WhyNotGo(await people.FindAsync(tx, userId), await accounts.CountOwnersAsync(tx)) is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }

        // Asked again: somebody may have invited them until the lock. That room is locked out of order; PostgreSQL ends a deadlock, and
        // the unit begins anew.
        foreach (var roomId in await memberships.NotDirectAsync(tx, userId))
            if (await rooms.AdvanceAsync(tx, roomId, Comings.Revs, Comings.Seqs) is { } room)
                await comings.GoAsync(tx, room, userId, userId, SystemEvent.Left);

        await drafts.ForgetAsync(tx, userId);
        await saved.ForgetAsync(tx, userId);
        await accounts.BuryAsync(tx, userId, rev);
        // Nobody answers for them any more.
        await invitations.RevokeOfAsync(tx, userId);
        if (removeMessages) await removal.BeginAsync(tx, userId, userId);
        await audit.AddAsync(tx, userId, AuditAction.AccountDeleted, userId);
        var nobody = (await people.FindAsync(tx, userId))!;
        tx.AfterCommit(() => live.Announce(Topics.Server, new PersonChange(rev, nobody)));
        await endAccess.RunAsync(tx, userId);
        return null;
    }
}
