using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Membership;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>Somebody has another role or state from now on, with all that follows from it: their sessions end, a guest is not in
/// General and everybody else is, and who may not administer any more has no invitations out there.</summary>
internal sealed class GiveStanding(
    GovernedAccounts governed, AccountStore accounts, ServerStore server, RoomStore rooms, MembershipStore memberships, Comings comings,
    InvitationStore invitations, EndSessions ends, AuditStore audit, Announcer live)
{
    /// <summary>Takes the locks that it needs, in their order: General, the person, the server.</summary>
    /// <returns>The server stream's revision for <see cref="RunAsync"/>.</returns>
    public async ValueTask<long> LockAsync(Transaction tx, long userId)
    {
        await rooms.AdvanceAsync(tx, await rooms.GeneralAsync(tx), 0, 0);
        await accounts.AdvanceAsync(tx, userId, 0);
        return await server.AdvanceAsync(tx, 1);
    }

    /// <param name="tx">The unit of work, which holds the locks of <see cref="LockAsync"/>.</param>
    /// <param name="before">As they are.</param>
    /// <param name="after">As they will be, with another role, another state or both, at the revision that was taken.</param>
    /// <param name="actorId">Who does it; null: somebody at the command line.</param>
    public async ValueTask RunAsync(Transaction tx, Person before, Person after, long? actorId)
    {
        await governed.SetStandingAsync(tx, after);
        await WriteDownAsync(tx, before, after, actorId);
        tx.AfterCommit(() => live.Announce(Topics.Server, new PersonChange(after.Rev, after)));
        if ((before.Role == Role.Guest) != (after.Role == Role.Guest)) await MoveAsync(tx, after, actorId);
        if (Authority.WhyNotAdminister(before) is null && Authority.WhyNotAdminister(after) is not null) await RevokeAsync(tx, after.Id, actorId);
        // Also of who is let in again: one that opened while they were sent away must not wake up.
        await ends.RunAsync(tx, after.Id, code: after.State == PersonState.Banned ? CloseCode.Banned : CloseCode.SessionEnded);
    }

    async ValueTask WriteDownAsync(Transaction tx, Person before, Person after, long? actorId)
    {
        if (before.Role != after.Role)
            await audit.AddAsync(tx, actorId, AuditAction.RoleChanged, after.Id, details: Step(Roles.Word(before.Role), Roles.Word(after.Role)));
        if (before.State == after.State) return;
        var act = after.State switch
        {
            PersonState.Banned => AuditAction.Banned,
            PersonState.Disabled => AuditAction.Disabled,
            _ => AuditAction.Enabled,
        };
        await audit.AddAsync(tx, actorId, act, after.Id, details: Step(WordOf(before), WordOf(after)));
    }

    async ValueTask MoveAsync(Transaction tx, Person after, long? actorId)
    {
        var general = await rooms.GeneralAsync(tx);
        var isIn = await memberships.FindAsync(tx, general, after.Id) is { Joined: true };
        if (isIn != (after.Role == Role.Guest)) return;
        var room = (await rooms.AdvanceAsync(tx, general, Comings.Revs, Comings.Seqs))!;
        if (isIn) await comings.GoAsync(tx, room, after.Id, actorId ?? after.Id, SystemEvent.Removed);
        else await comings.ComeAsync(tx, room, after.Id, after.Id, SystemEvent.Joined);
    }

    async ValueTask RevokeAsync(Transaction tx, long userId, long? actorId)
    {
        foreach (var invitation in await invitations.RevokeOfAsync(tx, userId))
            await audit.AddAsync(tx, actorId, AuditAction.InvitationRevoked, userId, details: new Dictionary<string, string>
            {
                ["invitation"] = invitation.ToString(CultureInfo.InvariantCulture),
            });
    }

    static Dictionary<string, string> Step(string from, string to) => new() { ["from"] = from, ["to"] = to };

    static string WordOf(Person person) => States.Word(person.State ?? PersonState.Active);
}
