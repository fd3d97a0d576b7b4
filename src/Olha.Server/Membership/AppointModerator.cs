using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>A member becomes one of the room's moderators, or no longer is.</summary>
internal sealed class AppointModerator(
    Database db, AccountStore accounts, RoomStore rooms, StandingStore standings, MembershipStore memberships, PlaceStore places,
    AuditStore audit, Announcer live)
{
    /// <returns>Their membership as it is now.</returns>
    public ValueTask<Outcome<Member>> RunAsync(Caller caller, long roomId, long userId, bool moderator, CancellationToken ct) =>
        db.WriteAsync<Outcome<Member>>(async tx =>
        {
            var room = await rooms.AdvanceAsync(tx, roomId, 1, 0);
            if ((await standings.StandingOf(tx, caller.UserId, roomId)).WhyNotAppoint() is { } refusal) return Nothing(tx, refusal);
            if (await memberships.FindAsync(tx, roomId, userId) is not { Joined: true } before) return Nothing(tx, Refusal.NotFound);
            if (before.Moderator == true == moderator) return Nothing(tx, before);

            var rev = (await accounts.AdvanceAsync(tx, userId, 1))!.Value;
            await memberships.SetModeratorAsync(tx, roomId, userId, moderator, room!.LastRev, rev);
            await audit.AddAsync(tx, caller.UserId, moderator ? AuditAction.ModeratorMade : AuditAction.ModeratorUnmade, userId, roomId);
            var member = before with { Moderator = moderator ? true : null, Rev = room.LastRev };
            var place = (await places.FindAsync(tx, userId, roomId))!;
            tx.AfterCommit(() =>
            {
                live.Announce(Topics.Room(roomId), new MemberChange(roomId, member.Rev, member));
                live.Announce(Topics.Person(userId), new PlaceChange(place.Rev, place));
            });
            return member;
        }, ct);

    static Outcome<Member> Nothing(Transaction tx, Outcome<Member> answer)
    {
        tx.Rollback();
        return answer;
    }
}
