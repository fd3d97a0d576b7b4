using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>What every change of a message has in common: who may, under the room's lock; the next revision; the new form stored
/// and announced.</summary>
internal sealed class MessageRevision(
    Database db, RoomStore rooms, StandingStore standings, MessageStore messages, TalkLimit limit, Announcer live)
{
    /// <summary>Makes the new form; null: the message is already as it is asked to be.</summary>
    /// <param name="tx">The unit of work.</param>
    /// <param name="message">The present form, with the new form's revision.</param>
    public delegate ValueTask<Outcome<Message?>> Change(Transaction tx, Message message);

    /// <param name="caller">Who wants it.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="seq">The message.</param>
    /// <param name="whyNot">The rule.</param>
    /// <param name="change">Makes the new form.</param>
    /// <param name="ct">Gives up waiting to begin.</param>
    /// <returns>The message as it is now.</returns>
    public ValueTask<Outcome<Message>> RunAsync(
        Caller caller, long roomId, long seq, Func<Standing, Message, Refusal?> whyNot, Change change, CancellationToken ct) =>
        limit.Take(caller.UserId) is { } tooFast
            ? new(tooFast)
            : db.WriteAsync(tx => ReviseAsync(tx, caller.UserId, roomId, seq, whyNot, change), ct);

    async ValueTask<Outcome<Message>> ReviseAsync(
        Transaction tx, long userId, long roomId, long seq, Func<Standing, Message, Refusal?> whyNot, Change change)
    {
        var room = await rooms.AdvanceAsync(tx, roomId, revs: 1, seqs: 0);
        var standing = room is null ? await standings.StandingOf(tx, userId, roomId) : await standings.StandingIn(tx, userId, room);
        if (standing.WhyNotRead() is { } unseen) return Nothing(tx, unseen);
        if (await messages.FindAsync(tx, roomId, seq) is not { } message) return Nothing(tx, Refusal.NotFound);
        if (whyNot(standing, message) is { } refusal) return Nothing(tx, refusal);

        if (!(await change(tx, message with { Rev = room!.LastRev })).TryGetOrNull(out var changed, out var not)) return Nothing(tx, not);
        if (changed is null) return Nothing(tx, message);
        await messages.SetAsync(tx, changed);
        tx.AfterCommit(() => live.Announce(Topics.Room(roomId), new MessageChange(roomId, changed.Rev, changed)));
        return changed;
    }

    static Outcome<Message> Nothing(Transaction tx, Outcome<Message> answer)
    {
        tx.Rollback();
        return answer;
    }
}
