using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>The HTTP door of invitations to the server.</summary>
internal static class InvitationEndpoints
{
    public static IServiceCollection AddInvitations(this IServiceCollection services) => services
        .AddSingleton<InvitationStore>()
        .AddSingleton<InvitationRooms>()
        .AddSingleton<MakeInvitation>()
        .AddSingleton<RevokeInvitation>()
        .AddSingleton<AcceptInvitation>();

    public static void MapInvitations(this IEndpointRouteBuilder api)
    {
        api.MapPost("/invitations/look", Look).WithSummary("What an invitation offers");

        var invitations = api.MapGroup("/invitations").RequireSession();
        invitations.MapGet("/", All).WithSummary("All invitations and who came by them; an administrator's").NeedsScope(Scope.Admin);
        invitations.MapPost("/", Make).WithSummary("Make an invitation; an administrator's").NeedsScope(Scope.Admin);
        invitations.MapDelete("/{invitationId:long}", Revoke).WithSummary("Revoke an invitation; an administrator's").NeedsScope(Scope.Admin);
        invitations.MapPost("/accept", Accept).WithSummary("Come into the rooms of an invitation");
    }

    // The secret comes in a body, never in an address: those are logged, kept and passed on.
    static async Task<Results<Ok<InvitationOffer>, ProblemResult>> Look(
        InvitationBody body, Database db, InvitationStore invitations, PeopleDirectory people, ServerStore server, AddressLimits limits,
        HttpContext context, CancellationToken ct)
    {
        if (limits.WhyNotLook(Visitor.Of(context).Address) is { } tooFast) return tooFast.ToProblem();
        return await db.ReadAsync<Results<Ok<InvitationOffer>, ProblemResult>>(async session =>
        {
            if (await invitations.FindAsync(session, body.Token) is not { IsSpent: false } found) return Refusal.InvalidInvitation.ToProblem();
            var settings = server.SettingsOf(await server.FindAsync(session));
            var creator = await people.FindAsync(session, found.CreatorId);
            return TypedResults.Ok(new InvitationOffer(
                settings.Name, creator!.DisplayName, found.Role, await invitations.RoomNamesAsync(session, found.Id), found.ExpiresAt));
        }, ct);
    }

    static async Task<Results<Ok<InvitationList>, ProblemResult>> All(
        Caller caller, Database db, PeopleDirectory people, InvitationStore invitations, CancellationToken ct) =>
        await db.ReadAsync<Results<Ok<InvitationList>, ProblemResult>>(async session =>
            Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)) is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Ok(await invitations.ListAsync(session)), ct);

    static async Task<Results<Created<NewInvitation>, ProblemResult>> Make(
        Caller caller, NewInvitationBody body, MakeInvitation make, CancellationToken ct) =>
        (await make.RunAsync(caller, body, ct)).TryGet(out var made, out var refusal)
            ? TypedResults.Created($"/api/v1/invitations/{made.Info.Id}", made)
            : refusal.ToProblem();

    static async Task<Results<NoContent, ProblemResult>> Revoke(
        Caller caller, long invitationId, RevokeInvitation revoke, CancellationToken ct) =>
        await revoke.RunAsync(caller, invitationId, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Ok<RoomList>, ProblemResult>> Accept(
        Caller caller, InvitationBody body, AcceptInvitation accept, CancellationToken ct) =>
        (await accept.RunAsync(caller, body.Token, ct)).TryGet(out var rooms, out var refusal) ? TypedResults.Ok(rooms) : refusal.ToProblem();
}
