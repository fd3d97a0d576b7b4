using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>Somebody has read up to a message, or wants to read again from one.</summary>
/// <remarks>Takes the person's lock only: whoever changes a membership takes it too, and reading holds back nobody who talks.</remarks>
internal sealed class MoveReadMark(
    Database db, AccountStore accounts, StandingStore standings, MembershipStore memberships, PlaceStore places, Announcer live)
{
    public ValueTask<Outcome<ReadState>> RunAsync(Caller caller, long roomId, long? mark, long? replaces, CancellationToken ct) =>
        mark is null || replaces is null
            ? new(Refusal.InvalidField)
            : db.WriteAsync(tx => MoveAsync(tx, caller.UserId, roomId, mark.Value, replaces.Value), ct);

    async ValueTask<Outcome<ReadState>> MoveAsync(Transaction tx, long userId, long roomId, long mark, long replaces)
    {
        var rev = await accounts.AdvanceAsync(tx, userId, 1);
        var standing = await standings.StandingOf(tx, userId, roomId);
        if (WhyNot(standing, mark, replaces) is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }
        if (mark == standing.Mark)
        {
            tx.Rollback();
            return (await places.ReadStateAsync(tx, userId, roomId))!;
        }

        await memberships.SetMarkAsync(tx, roomId, userId, mark, rev!.Value);
        var place = (await places.FindAsync(tx, userId, roomId))!;
        tx.AfterCommit(() => live.Announce(Topics.Person(userId), new PlaceChange(place.Rev, place)));
        return new ReadState(roomId, place.Mark, place.Unread, place.Head, place.Rev, place.Mentions);
    }

    // A device with old news must not undo what another one did since.
    static Refusal? WhyNot(Standing standing, long mark, long replaces) =>
        standing.WhyNotRead()
        ?? (mark < 0 || mark > standing.Room!.LastSeq ? Refusal.InvalidMark.With("last", standing.Room!.LastSeq) : null)
        ?? (replaces != standing.Mark ? Refusal.StaleMark.With("mark", standing.Mark) : null);
}
