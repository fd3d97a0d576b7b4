using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Somebody keeps a message for later, or lets it go.</summary>
/// <remarks>Takes the person's lock only, as reading does.</remarks>
internal sealed class SaveMessage(
    Database db, AccountStore accounts, StandingStore standings, MessageStore messages, SavedStore saved, Announcer live, TimeProvider clock)
{
    public ValueTask<Outcome<SavedMessage>> RunAsync(Caller caller, long roomId, long seq, bool keep, CancellationToken ct) =>
        db.WriteAsync<Outcome<SavedMessage>>(async tx =>
        {
            var rev = await accounts.AdvanceAsync(tx, caller.UserId, 1);
            var now = new SavedMessage(roomId, seq, keep, clock.GetStoredNow(), rev ?? 0);
            var already = await saved.IsSavedAsync(tx, caller.UserId, roomId, seq) == keep;
            if (await WhyNotAsync(tx, caller.UserId, now, already) is { } refusal)
            {
                tx.Rollback();
                return refusal;
            }
            if (already)
            {
                tx.Rollback();
                return now;
            }
            await saved.SetAsync(tx, caller.UserId, now);
            tx.AfterCommit(() => live.Announce(Topics.Person(caller.UserId), new SavedChange(now.Rev, now)));
            return now;
        }, ct);

    async ValueTask<Refusal?> WhyNotAsync(Transaction tx, long userId, SavedMessage wanted, bool already)
    {
        if ((await standings.StandingOf(tx, userId, wanted.RoomId)).WhyNotRead() is { } refusal) return refusal;
        if (!wanted.Saved || already) return null;
        if (await messages.FindAsync(tx, wanted.RoomId, wanted.Seq) is not { } message) return Refusal.NotFound;
        if (message.DeletedAt is not null) return Refusal.Deleted;
        return await saved.CountAsync(tx, userId) >= SavedStore.Most ? Refusal.TooManySaved.With("limit", SavedStore.Most) : null;
    }
}
