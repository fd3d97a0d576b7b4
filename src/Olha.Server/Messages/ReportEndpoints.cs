using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>The HTTP door of reports.</summary>
internal static class ReportEndpoints
{
    const int Page = 50;

    public static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<ReportStore>()
        .AddSingleton<ReportMessage>()
        .AddSingleton<ResolveReport>();

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("").RequireSession();
        mine.MapPost("/rooms/{roomId:long}/messages/{seq:long}/report", Report).WithSummary("Tell the moderators of a message");
        mine.MapGet("/reports", List).WithSummary("Reports of the rooms that you moderate, the last first");
        mine.MapPost("/reports/{id:long}/resolve", Resolve).WithSummary("Say that a report has been dealt with");
    }

    static async Task<Results<NoContent, ProblemResult>> Report(
        Caller caller, long roomId, long seq, ReportBody body, ReportMessage report, CancellationToken ct) =>
        await report.RunAsync(caller, roomId, seq, body, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Ok<ReportList>> List(
        Caller caller, Database db, PeopleDirectory people, StandingStore standings, ReportStore reports, CancellationToken ct,
        long before = long.MaxValue, bool open = false) =>
        TypedResults.Ok(await db.ReadAsync(async session =>
        {
            List<Report> found = [];
            if (Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)) is null)
                found = await reports.EverywhereAsync(session, before, open, Page + 1);
            else
                foreach (var roomId in await reports.RoomsAsync(session, caller.UserId))
                    if ((await standings.StandingOf(session, caller.UserId, roomId)).WhyNotResolve() is null)
                        found.AddRange(await reports.InRoomAsync(session, roomId, before, open, Page + 1));
            found.Sort(static (a, b) => b.Id.CompareTo(a.Id));
            return found.Count <= Page ? new ReportList(found, null) : new ReportList(found[..Page], found[Page - 1].Id);
        }, ct));

    static async Task<Results<Ok<Report>, ProblemResult>> Resolve(Caller caller, long id, ResolveReport resolve, CancellationToken ct) =>
        (await resolve.RunAsync(caller, id, ct)).TryGet(out var report, out var refusal) ? TypedResults.Ok(report) : refusal.ToProblem();
}
