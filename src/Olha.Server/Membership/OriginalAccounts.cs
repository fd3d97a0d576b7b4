using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;

namespace Olha.Server.Membership;

/// <summary>The original's door for accounts: its addresses, bodies and statuses. The session cookie comes besides, so that a page
/// written for the original is signed in without knowing it.</summary>
internal static class OriginalAccounts
{
    public static void MapOriginalAccounts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/users", Register).WithSummary("Make an account, as the original did");
        app.MapPost("/api/users/login", LogIn).WithSummary("Sign in, as the original did");
    }

    static async Task<Results<Created<OriginalUser>, ProblemResult>> Register(
        OriginalCredentials body, SignUp signUp, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        var outcome = await signUp.RunAsync(body.Username, body.Password, null, null, SessionCookie.VisitorOf(context, bearer: false), ct);
        if (!outcome.TryGet(out var signedIn, out var refusal)) return refusal.ToProblem();
        cookie.Set(context, signedIn.Session);
        return TypedResults.Created((string?)null, new OriginalUser(signedIn.Me.Id, signedIn.Me.Username));
    }

    static async Task<Results<Ok<OriginalUser>, ProblemResult>> LogIn(
        OriginalCredentials body, SignIn signIn, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        var outcome = await signIn.RunAsync(body.Username, body.Password, SessionCookie.VisitorOf(context, bearer: false), ct);
        if (!outcome.TryGet(out var signedIn, out var refusal)) return refusal.ToProblem();
        cookie.Set(context, signedIn.Session);
        return TypedResults.Ok(new OriginalUser(signedIn.Me.Id, signedIn.Me.Username));
    }
}
