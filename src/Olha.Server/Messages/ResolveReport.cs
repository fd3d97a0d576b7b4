using System.Globalization;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>A moderator has done what there was to do about a report. Who was first stays the one who did.</summary>
internal sealed class ResolveReport(
    Database db, RoomStore rooms, StandingStore standings, ReportStore reports, AuditStore audit, TimeProvider clock)
{
    public ValueTask<Outcome<Report>> RunAsync(Caller caller, long id, CancellationToken ct) => db.WriteAsync<Outcome<Report>>(async tx =>
    {
        if (await reports.FindAsync(tx, id) is not { } report) return Nothing(tx, Refusal.NotFound);
        await rooms.AdvanceAsync(tx, report.RoomId, 0, 0);
        if ((await standings.StandingOf(tx, caller.UserId, report.RoomId)).WhyNotResolve() is { } refusal) return Nothing(tx, refusal);
        if (await reports.ResolveAsync(tx, id, caller.UserId, clock.GetStoredNow()) == 0)
            return Nothing(tx, await reports.FindAsync(tx, id) is { } before ? before : Refusal.NotFound);

        await audit.AddAsync(tx, caller.UserId, AuditAction.ReportResolved, report.Message.AuthorId, report.RoomId, new Dictionary<string, string>
        {
            ["seq"] = report.Message.Seq.ToString(CultureInfo.InvariantCulture),
        });
        return (await reports.FindAsync(tx, id))!;
    }, ct);

    static Outcome<Report> Nothing(Transaction tx, Outcome<Report> answer)
    {
        tx.Rollback();
        return answer;
    }
}
