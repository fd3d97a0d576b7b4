using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody comes into a room or goes: the membership, the line that tells it, and who hears of it.</summary>
/// <remarks>The caller has advanced the room by <see cref="Revs"/> and <see cref="Seqs"/> and has checked the standing since.</remarks>
internal sealed class Comings(
    AccountStore accounts, MembershipStore memberships, SystemLines lines, PlaceStore places, Announcer live, TimeProvider clock)
{
    public const int Revs = 2;
    public const int Seqs = 1;

    /// <param name="tx">The unit of work.</param>
    /// <param name="room">The room with its new heads.</param>
    /// <param name="userId">Who comes.</param>
    /// <param name="actorId">Whose act it is.</param>
    /// <param name="how"><see cref="SystemEvent.Joined"/> or <see cref="SystemEvent.Invited"/>.</param>
    /// <returns>Their membership; null: there is nobody of this id, and nothing was written.</returns>
    public async Task<Member?> ComeAsync(Transaction tx, RoomRow room, long userId, long actorId, SystemEvent how)
    {
        if (await accounts.AdvanceAsync(tx, userId, 1) is not { } personRev) return null;

        var now = clock.GetStoredNow();
        var member = await memberships.ComeAsync(tx, room.Id, userId, room.LastSeq, room.LastRev - 1, personRev, now);
        var line = await lines.AddAsync(tx, room.Id, room.LastSeq, room.LastRev, actorId, new SystemLine(how, userId, null), now);
        var place = (await places.FindAsync(tx, userId, room.Id))!;
        tx.AfterCommit(() =>
        {
            live.Admit(userId, room.Id, place.Rev);
            Announce(member, line, place);
        });
        return member;
    }

    /// <param name="tx">The unit of work.</param>
    /// <param name="room">The room with its new heads.</param>
    /// <param name="userId">Who goes; they are in the room.</param>
    /// <param name="actorId">Whose act it is.</param>
    /// <param name="how"><see cref="SystemEvent.Left"/> or <see cref="SystemEvent.Removed"/>.</param>
    public async Task GoAsync(Transaction tx, RoomRow room, long userId, long actorId, SystemEvent how)
    {
        var personRev = (await accounts.AdvanceAsync(tx, userId, 1))!.Value;
        var now = clock.GetStoredNow();
        var member = await memberships.GoAsync(tx, room.Id, userId, room.LastRev - 1, personRev, now);
        var line = await lines.AddAsync(tx, room.Id, room.LastSeq, room.LastRev, actorId, new SystemLine(how, userId, null), now);
        var place = (await places.FindAsync(tx, userId, room.Id))!;
        tx.AfterCommit(() =>
        {
            live.Dismiss(userId, room.Id, place.Rev);
            Announce(member, line, place);
        });
    }

    void Announce(Member member, Message line, Place place)
    {
        live.Announce(Topics.Room(member.RoomId), new MemberChange(member.RoomId, member.Rev, member));
        live.Announce(Topics.Room(member.RoomId), new MessageChange(member.RoomId, line.Rev, line));
        live.Announce(Topics.Person(member.UserId), new PlaceChange(place.Rev, place));
    }
}
