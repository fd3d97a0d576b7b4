using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>The HTTP door of the ways into one's own account: sessions, password, access tokens, links. No access token comes here.</summary>
internal static class AccessEndpoints
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<TokenStore>()
        .AddSingleton<Links>()
        .AddSingleton<EndAccess>()
        .AddSingleton<EndOwnSession>()
        .AddSingleton<ProvePassword>()
        .AddSingleton<ChangePassword>()
        .AddSingleton<MakeToken>()
        .AddSingleton<RevokeToken>()
        .AddSingleton<MakeDeviceLink>()
        .AddSingleton<UseLink>();

    public static void MapAccess(this IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("").RequireSession().ForSessionsOnly();
        mine.MapGet("/sessions", Sessions).WithSummary("Your sessions: the devices that are signed in");
        mine.MapDelete("/sessions", EndOthers).WithSummary("Sign all other devices out");
        mine.MapDelete("/sessions/{sessionId:long}", End).WithSummary("Sign a device out");
        mine.MapPut("/me/password", Password).WithSummary("Change your password; every other way in ends");
        mine.MapGet("/me/tokens", Tokens).WithSummary("Your access tokens");
        mine.MapPost("/me/tokens", MakeToken).WithSummary("Make an access token for a program of yours");
        mine.MapDelete("/me/tokens/{tokenId:long}", RevokeToken).WithSummary("Revoke an access token");
        mine.MapPost("/me/device-links", MakeDeviceLink).WithSummary("Make a link that signs another device in");

        api.MapPost("/links/look", Look).WithSummary("Whose link it is and what for");
        api.MapPost("/links/use", Use).WithSummary("Come in by a link; it works once");
    }

    static async Task<Ok<SessionList>> Sessions(Caller caller, Database db, Sessions sessions, CancellationToken ct) =>
        TypedResults.Ok(await db.ReadAsync(session => sessions.ListAsync(session, caller), ct));

    static async Task<NoContent> EndOthers(Caller caller, EndOwnSession end, CancellationToken ct)
    {
        await end.AllOthersAsync(caller, ct);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemResult>> End(
        Caller caller, long sessionId, EndOwnSession end, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        if (await end.RunAsync(caller, sessionId, ct) is { } refusal) return refusal.ToProblem();
        if (sessionId == caller.SessionId) cookie.Clear(context);
        return TypedResults.NoContent();
    }

    // The new secret comes as the old one did.
    static async Task<Results<Ok<SessionAnswer>, ProblemResult>> Password(
        Caller caller, PasswordBody body, ChangePassword change, SessionCookie cookie, HttpContext context, CancellationToken ct) =>
        (await change.RunAsync(caller, body, Visitor.Of(context), ct)).TryGet(out var signedIn, out var refusal)
            ? TypedResults.Ok(cookie.Answer(context, signedIn, bearer: SessionToken.Bearer(context.Request) is not null))
            : refusal.ToProblem();

    static async Task<Ok<TokenList>> Tokens(Caller caller, Database db, TokenStore tokens, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new TokenList(await db.ReadAsync(session => tokens.ListAsync(session, caller.UserId, clock.GetUtcNow()), ct)));

    static async Task<Results<Created<NewToken>, ProblemResult>> MakeToken(
        Caller caller, NewTokenBody body, MakeToken make, CancellationToken ct) =>
        (await make.RunAsync(caller, body, ct)).TryGet(out var made, out var refusal)
            ? TypedResults.Created($"/api/v1/me/tokens/{made.Info.Id}", made)
            : refusal.ToProblem();

    static async Task<Results<NoContent, ProblemResult>> RevokeToken(Caller caller, long tokenId, RevokeToken revoke, CancellationToken ct) =>
        await revoke.RunAsync(caller, tokenId, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Created<NewLink>, ProblemResult>> MakeDeviceLink(Caller caller, MakeDeviceLink make, CancellationToken ct) =>
        (await make.RunAsync(caller, ct)).TryGet(out var link, out var refusal)
            ? TypedResults.Created((string?)null, link)
            : refusal.ToProblem();

    static async Task<Results<Ok<LinkInfo>, ProblemResult>> Look(LinkBody body, UseLink use, HttpContext context, CancellationToken ct) =>
        (await use.LookAsync(body.Token, Visitor.Of(context), ct)).TryGet(out var link, out var refusal)
            ? TypedResults.Ok(link)
            : refusal.ToProblem();

    static async Task<Results<Ok<SessionAnswer>, ProblemResult>> Use(
        UseLinkBody body, UseLink use, SessionCookie cookie, HttpContext context, CancellationToken ct) =>
        (await use.RunAsync(body, SessionCookie.VisitorOf(context, body.Bearer), ct)).TryGet(out var signedIn, out var refusal)
            ? TypedResults.Ok(cookie.Answer(context, signedIn, body.Bearer))
            : refusal.ToProblem();
}
