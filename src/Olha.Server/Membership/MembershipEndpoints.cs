using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;

namespace Olha.Server.Membership;

/// <summary>The HTTP door of what changes people and rooms and writes a line about it.</summary>
internal static class MembershipEndpoints
{
    public static IServiceCollection AddMembership(this IServiceCollection services) => services
        .AddSingleton<Comings>()
        .AddSingleton<SignUp>()
        .AddSingleton<CreateRoom>()
        .AddSingleton<OpenDirectRoom>()
        .AddSingleton<JoinRoom>()
        .AddSingleton<LeaveRoom>()
        .AddSingleton<InviteMember>()
        .AddSingleton<RemoveMember>()
        .AddSingleton<AppointModerator>()
        .AddSingleton<DeleteRoom>()
        .AddSingleton<ChangeRoom>()
        .AddOwnData();

    public static void MapMembership(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users", SignUp).WithSummary("Make an account; the first owns the server");

        var rooms = api.MapGroup("/rooms").RequireSession();
        rooms.MapPost("/", Create).WithSummary("Make a room");
        rooms.MapPost("/direct", Direct).WithSummary("The direct room of some people, made when there is none");
        rooms.MapPatch("/{roomId:long}", Change).WithSummary("Change the name, the topic, who may speak when, how long messages are kept");
        rooms.MapDelete("/{roomId:long}", Delete).WithSummary("Delete a room for good; an administrator's");
        rooms.MapPost("/{roomId:long}/join", Join).WithSummary("Join an open room");
        rooms.MapPost("/{roomId:long}/leave", Leave).WithSummary("Leave a room");
        rooms.MapPut("/{roomId:long}/members/{userId:long}", Invite).WithSummary("Invite somebody");
        rooms.MapDelete("/{roomId:long}/members/{userId:long}", Remove).WithSummary("Remove somebody");
        rooms.MapPut("/{roomId:long}/moderators/{userId:long}", Appoint).WithSummary("Make a member a moderator");
        rooms.MapDelete("/{roomId:long}/moderators/{userId:long}", Unappoint).WithSummary("Make a moderator a member like others");
    }

    static async Task<Results<Created<SessionAnswer>, ProblemResult>> SignUp(
        SignUpBody body, SignUp signUp, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        var outcome = await signUp.RunAsync(
            body.Username, body.Password, body.DisplayName, body.Invitation, SessionCookie.VisitorOf(context, body.Bearer), ct);
        return outcome.TryGet(out var signedIn, out var refusal)
            ? TypedResults.Created("/api/v1/me", cookie.Answer(context, signedIn, body.Bearer))
            : refusal.ToProblem();
    }

    static async Task<Results<Created<Place>, ProblemResult>> Create(
        Caller caller, NewRoomBody body, CreateRoom create, CancellationToken ct) =>
        (await create.RunAsync(caller, body, ct)).TryGet(out var place, out var refusal) ? Made(place) : refusal.ToProblem();

    static async Task<Results<Ok<Place>, Created<Place>, ProblemResult>> Direct(
        Caller caller, DirectRoomBody body, OpenDirectRoom open, CancellationToken ct)
    {
        if (!(await open.RunAsync(caller, body, ct)).TryGet(out var room, out var refusal)) return refusal.ToProblem();
        return room.Created ? Made(room.Place) : TypedResults.Ok(room.Place);
    }

    static async Task<Results<Ok<Room>, ProblemResult>> Change(
        Caller caller, long roomId, RoomPatchBody body, ChangeRoom change, CancellationToken ct) =>
        (await change.RunAsync(caller, roomId, body, ct)).TryGet(out var room, out var refusal) ? TypedResults.Ok(room) : refusal.ToProblem();

    static async Task<Results<Ok<Place>, ProblemResult>> Join(Caller caller, long roomId, JoinRoom join, CancellationToken ct) =>
        (await join.RunAsync(caller, roomId, ct)).TryGet(out var place, out var refusal) ? TypedResults.Ok(place) : refusal.ToProblem();

    static async Task<Results<NoContent, ProblemResult>> Leave(Caller caller, long roomId, LeaveRoom leave, CancellationToken ct) =>
        await leave.RunAsync(caller, roomId, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Ok<Member>, ProblemResult>> Invite(
        Caller caller, long roomId, long userId, InviteMember invite, CancellationToken ct) =>
        (await invite.RunAsync(caller, roomId, userId, ct)).TryGet(out var member, out var refusal)
            ? TypedResults.Ok(member)
            : refusal.ToProblem();

    static async Task<Results<NoContent, ProblemResult>> Remove(
        Caller caller, long roomId, long userId, RemoveMember remove, CancellationToken ct) =>
        await remove.RunAsync(caller, roomId, userId, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<NoContent, ProblemResult>> Delete(Caller caller, long roomId, DeleteRoom delete, CancellationToken ct) =>
        await delete.RunAsync(caller, roomId, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Ok<Member>, ProblemResult>> Appoint(
        Caller caller, long roomId, long userId, AppointModerator appoint, CancellationToken ct) =>
        (await appoint.RunAsync(caller, roomId, userId, moderator: true, ct)).TryGet(out var member, out var refusal)
            ? TypedResults.Ok(member)
            : refusal.ToProblem();

    static async Task<Results<Ok<Member>, ProblemResult>> Unappoint(
        Caller caller, long roomId, long userId, AppointModerator appoint, CancellationToken ct) =>
        (await appoint.RunAsync(caller, roomId, userId, moderator: false, ct)).TryGet(out var member, out var refusal)
            ? TypedResults.Ok(member)
            : refusal.ToProblem();

    static Created<Place> Made(Place place) => TypedResults.Created($"/api/v1/rooms/{place.RoomId}", place);
}
