using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Configuration;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Someone says something in a room.</summary>
/// <remarks>Hot path: runs once a message, up to tens of thousands a second. Nothing is awaited before the unit of work is
/// handed in, so that one connection's posts are stored in the order in which they arrived.</remarks>
internal sealed class PostMessage(
    Database db, RoomStore rooms, StandingStore standings, MessageStore messages, TalkLimit limit, Announcer live,
    ServerOptions options, TimeProvider clock)
{
    /// <param name="caller">Who says it.</param>
    /// <param name="roomId">Where.</param>
    /// <param name="body">What, as the client sent it.</param>
    /// <param name="lane">Posts handed in with the same lane keep their order; null: this one has no order to keep.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    public ValueTask<Outcome<Ack>> RunAsync(Caller caller, long roomId, DraftBody body, Lane? lane, CancellationToken ct)
    {
        if (!Draft.From(body, options.MessageLength).TryGet(out var draft, out var refusal)) return new(refusal);
        if (limit.Take(caller.UserId) is { } tooFast) return new(tooFast);
        return db.WriteAsync(tx => StoreAsync(tx, caller, roomId, draft), ct, lane);
    }

    async ValueTask<Outcome<Ack>> StoreAsync(Transaction tx, Caller caller, long roomId, Draft draft)
    {
        // Takes the room's lock: what is read from here on stays true until the commit.
        var room = await rooms.AdvanceAsync(tx, roomId, revs: 1, seqs: 1);

        // A client that lost our answer asks again with the same cid, and gets the same answer: also when it has left since.
        if (await messages.FindByCidAsync(tx, caller.UserId, draft.Cid) is { } first)
        {
            tx.Rollback();
            return first.RoomId == roomId && first.BodyHash.AsSpan().SequenceEqual(draft.BodyHash)
                ? new Ack(draft.Cid, roomId, first.Id, first.Seq, first.CreatedAt, Duplicate: true)
                : Refusal.Conflict;
        }

        var standing = await standings.StandingOf(tx, caller.UserId, roomId);
        if (standing.WhyNotPost() is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }

        // The database keeps milliseconds: what is announced now is what will be read later.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var (seq, rev) = (room!.LastSeq, room.LastRev);
        var id = await messages.AddTextAsync(tx, roomId, seq, rev, caller.UserId, draft, now);
        var message = new Message(
            id, roomId, seq, rev, caller.UserId, draft.Cid, MessageKind.Text, draft.Body, null, now, null, null);
        tx.AfterCommit(() => live.Announce(Topics.Room(roomId), new MessageChange(roomId, rev, message)));
        return new Ack(draft.Cid, roomId, id, seq, now, Duplicate: false);
    }
}
