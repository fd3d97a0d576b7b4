using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Somebody has begun to write: it is kept for their other devices. Of two devices the later one wins.</summary>
/// <remarks>Takes the person's lock only, as reading does.</remarks>
internal sealed class KeepDraft(
    Database db, AccountStore accounts, StandingStore standings, DraftStore drafts, Announcer live, TimeProvider clock)
{
    /// <summary>UTF-16 units: more than a message may be long, so that it can be cut down on another device.</summary>
    const int Longest = 20_000;

    public ValueTask<Outcome<RoomDraft>> RunAsync(Caller caller, long roomId, BegunBody begun, CancellationToken ct)
    {
        if (begun.Body is not { } body) return new(Refusal.InvalidField);
        if (body.Length > Longest) return new(Refusal.TooLong.With("limit", Longest));
        if (body.Contains('\0')) return new(Refusal.InvalidText); // PostgreSQL has no NUL in a text
        return db.WriteAsync<Outcome<RoomDraft>>(async tx =>
        {
            var rev = await accounts.AdvanceAsync(tx, caller.UserId, 1);
            var draft = new RoomDraft(roomId, body, body.Length == 0 ? null : begun.ReplyToSeq, clock.GetStoredNow(), rev ?? 0);
            if ((await standings.StandingOf(tx, caller.UserId, roomId)).WhyNotRead() is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }
            var before = await drafts.FindAsync(tx, caller.UserId, roomId);
            if ((before?.Body ?? "", before?.ReplyToSeq) == (draft.Body, draft.ReplyToSeq))
            {
                tx.Rollback();
                return before ?? draft;
            }
            await drafts.SetAsync(tx, caller.UserId, draft);
            tx.AfterCommit(() => live.Announce(Topics.Person(caller.UserId), new DraftChange(draft.Rev, draft)));
            return draft;
        }, ct);
    }
}
