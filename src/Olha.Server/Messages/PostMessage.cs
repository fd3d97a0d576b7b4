using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Someone says something in a room.</summary>
/// <remarks>Hot path: runs once a message, up to tens of thousands a second. Nothing is awaited before the unit of work is
/// handed in, so that one connection's posts are stored in the order in which they arrived.</remarks>
internal sealed class PostMessage(
    Database db, RoomStore rooms, StandingStore standings, MessageStore messages, MentionStore mentions, TalkLimit limit,
    MembershipStore memberships, PostQueue queue, Announcer live, CurrentSettings settings, TimeProvider clock)
{
    readonly Func<PostRun> _newRun = () => new(rooms);
    long _stored;

    /// <summary>Messages that were said since the start, at any door.</summary>
    public long Stored => Volatile.Read(ref _stored) + queue.Stored;

    /// <param name="caller">Who says it.</param>
    /// <param name="roomId">Where.</param>
    /// <param name="body">What, as the client sent it.</param>
    /// <param name="lane">Posts handed in with the same lane keep their order, and what their caller does next is quick: a socket's.
    /// Null: neither.</param>
    /// <param name="author">The socket that said it: it gets the acknowledgement with the change; null: the caller tells.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    /// <returns>The acknowledgement. A socket that was given has it already, unless it is that of a duplicate.</returns>
    public ValueTask<Outcome<Ack>> RunAsync(
        Caller caller, long roomId, DraftBody body, Lane? lane, Connection? author, CancellationToken ct)
    {
        if (!Draft.From(body, settings.Now.MessageLength).TryGet(out var draft, out var refusal)) return new(refusal);
        if (limit.Take(caller.UserId) is { } tooFast) return new(tooFast);
        if (db.Dialect == Dialect.Postgres) return queue.PostAsync(new(caller.UserId, roomId, draft, author, quick: lane is not null, ct));
        return db.WriteAsync(tx => StoreAsync(tx, caller, roomId, draft, author), ct, lane, quick: lane is not null);
    }

    async ValueTask<Outcome<Ack>> StoreAsync(Transaction tx, Caller caller, long roomId, Draft draft, Connection? author)
    {
        var run = tx.Share(_newRun);
        var (standing, seq, rev) = run is null
            ? await TakePlaceAsync(tx, caller.UserId, roomId)
            : await run.NextPlaceAsync(tx, standings, caller.UserId, roomId);
        // The database keeps milliseconds: what is announced now is what will be read later.
        var now = clock.GetStoredNow();
        if (standing.WhyNotPost(now) is { } refusal) return await NotStoredAsync(tx, caller, roomId, draft, refusal);

        var replyTo = draft.ReplyToSeq is { } parent && await messages.AuthorOfAsync(tx, roomId, parent) is { } answered
            ? new ReplyTo(parent, answered)
            : null;
        if (draft.ReplyToSeq is not null && replyTo is null) return await NotStoredAsync(tx, caller, roomId, draft, Refusal.InvalidReply);
        var named = draft.Body.Contains('@') ? await mentions.NamedInAsync(tx, draft.Body) : null;

        if (await messages.AddTextAsync(tx, roomId, seq, rev, caller.UserId, draft, replyTo, named, now) is not { } id)
            return await NotStoredAsync(tx, caller, roomId, draft, Refusal.Conflict);
        run?.Taken(roomId, seq, rev);
        if (standing.Room!.SlowMode > 0)
        {
            await memberships.SetPostedAsync(tx, roomId, caller.UserId, now);
            run?.Spoke(caller.UserId, roomId, now);
        }

        var message = new Message(
            id, roomId, seq, rev, caller.UserId, draft.Cid, MessageKind.Text, draft.Body, null, now, null, null, replyTo, named);
        if (named is not null || replyTo is not null) await mentions.AddAsync(tx, message);
        var change = new MessageChange(roomId, rev, message);
        var ack = new Ack(draft.Cid, roomId, id, seq, now, Duplicate: false);
        tx.AfterCommit(() =>
        {
            Interlocked.Increment(ref _stored);
            if (author is null) live.Announce(Topics.Room(roomId), change);
            else live.Announce(Topics.Room(roomId), change, author, ack);
        });
        return ack;
    }

    // Takes the room's lock: what is read from here on stays true until the commit.
    async ValueTask<(Standing Standing, long Seq, long Rev)> TakePlaceAsync(Transaction tx, long userId, long roomId)
    {
        var room = await rooms.AdvanceAsync(tx, roomId, revs: 1, seqs: 1);
        return room is null
            ? (await standings.StandingOf(tx, userId, roomId), 0, 0)
            : (await standings.StandingIn(tx, userId, room), room.LastSeq, room.LastRev);
    }

    // A client that lost our answer asks again with the same cid, and gets the same answer: also when it has left since.
    async ValueTask<Outcome<Ack>> NotStoredAsync(Transaction tx, Caller caller, long roomId, Draft draft, Refusal refusal)
    {
        tx.Rollback();
        if (await messages.FindByCidAsync(tx, caller.UserId, draft.Cid) is not { } first) return refusal;
        return first.RoomId == roomId && first.BodyHash.AsSpan().SequenceEqual(draft.BodyHash)
            ? new Ack(draft.Cid, roomId, first.Id, first.Seq, first.CreatedAt, Duplicate: true)
            : Refusal.Conflict;
    }
}
