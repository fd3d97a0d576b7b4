using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>Somebody decides how loud a room is for them.</summary>
/// <remarks>Takes the person's lock only, as reading does.</remarks>
internal sealed class SetLevel(
    Database db, AccountStore accounts, StandingStore standings, MembershipStore memberships, PlaceStore places, Announcer live)
{
    public ValueTask<Outcome<Place>> RunAsync(Caller caller, long roomId, RoomLevel? level, CancellationToken ct) =>
        level is not { } wanted || !Enum.IsDefined(wanted)
            ? new(Refusal.InvalidField)
            : db.WriteAsync<Outcome<Place>>(async tx =>
            {
                var rev = await accounts.AdvanceAsync(tx, caller.UserId, 1);
                if ((await standings.StandingOf(tx, caller.UserId, roomId)).WhyNotRead() is { } refusal)
                {
                    tx.Rollback();
                    return refusal;
                }
                var before = (await places.FindAsync(tx, caller.UserId, roomId))!;
                if (before.Level == wanted)
                {
                    tx.Rollback();
                    return before;
                }
                await memberships.SetLevelAsync(tx, roomId, caller.UserId, wanted, rev!.Value);
                var place = (await places.FindAsync(tx, caller.UserId, roomId))!;
                tx.AfterCommit(() => live.Announce(Topics.Person(caller.UserId), new PlaceChange(place.Rev, place)));
                return place;
            }, ct);
}
