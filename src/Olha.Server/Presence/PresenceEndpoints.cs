using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Presence;

/// <summary>The HTTP door of what is told but never kept: who is connected, who is writing.</summary>
internal static class PresenceEndpoints
{
    public static IServiceCollection AddPresence(this IServiceCollection services) => services
        .AddSingleton<TypingBoard>()
        .AddSingleton<PresenceBoard>().AddHostedService(it => it.GetRequiredService<PresenceBoard>());

    public static void MapPresence(this IEndpointRouteBuilder api)
    {
        var signedIn = api.MapGroup("").RequireSession();
        signedIn.MapGet("/presence", Online).WithSummary("Who is connected now");
        signedIn.MapPost("/rooms/{roomId:long}/typing", Typing).WithSummary("Say that you are writing");
    }

    static Ok<OnlineList> Online(PresenceBoard presence) => TypedResults.Ok(new OnlineList(presence.Online));

    static async Task<Results<NoContent, ProblemResult>> Typing(
        Caller caller, long roomId, Database db, StandingStore standings, TypingBoard board, CancellationToken ct)
    {
        var standing = await db.ReadAsync(async session => await standings.StandingOf(session, caller.UserId, roomId), ct);
        if (standing.WhyNotPost() is { } refusal) return refusal.ToProblem();
        board.Typing(roomId, caller.UserId);
        return TypedResults.NoContent();
    }
}
