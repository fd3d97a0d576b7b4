using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Presence;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>The HTTP door of what administrators see of rooms and of the whole server.</summary>
internal static class AdminRooms
{
    public static IServiceCollection AddAdminRooms(this IServiceCollection services) => services
        .AddSingleton<GovernedRoomStore>()
        .AddSingleton<StatisticsStore>();

    public static void MapAdminRooms(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/admin").RequireSession();
        admin.MapGet("/rooms", Rooms).WithSummary("Open and closed rooms, by id");
        admin.MapGet("/statistics", Count).WithSummary("What there is on the server");
    }

    static async Task<Results<Ok<GovernedRoomList>, ProblemResult>> Rooms(
        Caller caller, Database db, PeopleDirectory people, GovernedRoomStore rooms, CancellationToken ct, long after = 0, string query = "")
    {
        if (query.Contains('\0')) return Refusal.InvalidField.ToProblem(); // PostgreSQL has no NUL in a text
        return await db.ReadAsync<Results<Ok<GovernedRoomList>, ProblemResult>>(async session =>
            Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)) is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Ok(await rooms.ListAsync(session, after, query)), ct);
    }

    static async Task<Results<Ok<Statistics>, ProblemResult>> Count(
        Caller caller, Database db, PeopleDirectory people, StatisticsStore statistics, PresenceBoard presence, TimeProvider clock,
        CancellationToken ct) =>
        await db.ReadAsync<Results<Ok<Statistics>, ProblemResult>>(async session =>
            Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)) is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Ok(await statistics.CountAsync(session, presence.Everybody.Online, clock.GetUtcNow())), ct);
}
