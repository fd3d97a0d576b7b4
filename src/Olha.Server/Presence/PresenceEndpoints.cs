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
        // Before the board, so that it is stopped after it.
        .AddSingleton<LastSeen>().AddHostedService(it => it.GetRequiredService<LastSeen>())
        .AddSingleton<PresenceBoard>().AddHostedService(it => it.GetRequiredService<PresenceBoard>());

    public static void MapPresence(this IEndpointRouteBuilder api)
    {
        var signedIn = api.MapGroup("").RequireSession();
        signedIn.MapGet("/presence", Online).WithSummary("Who is connected now");
        signedIn.MapGet("/people/{userId:long}/presence", OfPerson).WithSummary("Whether somebody is here, and when they last were");
        signedIn.MapPost("/rooms/{roomId:long}/typing", Typing).WithSummary("Say that you are writing");
    }

    static Ok<OnlineList> Online(PresenceBoard presence) => TypedResults.Ok(presence.Everybody);

    static Task<Results<Ok<PersonPresence>, ProblemResult>> OfPerson(
        long userId, Database db, PeopleDirectory people, PresenceBoard presence, LastSeen lastSeen, CancellationToken ct) =>
        db.ReadAsync<Results<Ok<PersonPresence>, ProblemResult>>(async session =>
        {
            if (await people.FindAsync(session, userId) is null) return Refusal.NotFound.ToProblem();
            var state = presence.StateOf(userId);
            return TypedResults.Ok(new PersonPresence(state, state == PresenceState.Offline ? await lastSeen.OfAsync(session, userId) : null));
        }, ct).AsTask();

    static async Task<Results<NoContent, ProblemResult>> Typing(
        Caller caller, long roomId, Database db, StandingStore standings, TypingBoard board, CancellationToken ct)
    {
        var standing = await db.ReadAsync(async session => await standings.StandingOf(session, caller.UserId, roomId), ct);
        if (standing.WhyNotPost() is { } refusal) return refusal.ToProblem();
        board.Typing(roomId, caller.UserId);
        return TypedResults.NoContent();
    }
}
