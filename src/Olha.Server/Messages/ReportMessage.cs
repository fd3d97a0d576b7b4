using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>A member tells the moderators of a message. Twice is once.</summary>
internal sealed class ReportMessage(
    Database db, RoomStore rooms, StandingStore standings, MessageStore messages, ReportStore reports, TalkLimit limit, TimeProvider clock)
{
    const int LongestReason = 500;

    public ValueTask<Refusal?> RunAsync(Caller caller, long roomId, long seq, ReportBody body, CancellationToken ct)
    {
        string? reason = null;
        if (!string.IsNullOrWhiteSpace(body.Reason) && !Draft.TextFrom(body.Reason.Trim(), LongestReason).TryGet(out reason, out _))
            return new(Refusal.InvalidReason);
        if (limit.Take(caller.UserId) is { } tooFast) return new(tooFast);

        return db.WriteAsync<Refusal?>(async tx =>
        {
            await rooms.AdvanceAsync(tx, roomId, 0, 0); // the message stays what it is meanwhile
            var standing = await standings.StandingOf(tx, caller.UserId, roomId);
            var message = standing.WhyNotRead() is null ? await messages.FindAsync(tx, roomId, seq) : null;
            var refusal = standing.WhyNotRead() ?? (message is null ? Refusal.NotFound : standing.WhyNotReport(message));
            if (refusal is null) await reports.AddAsync(tx, roomId, seq, caller.UserId, reason, clock.GetStoredNow());
            else tx.Rollback();
            return refusal;
        }, ct);
    }
}
