using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Accounts;

/// <summary>The HTTP door of accounts and sessions. Signing up changes rooms too and is Membership's.</summary>
internal static class AccountEndpoints
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<AccountStore>()
        .AddSingleton<ServerStore>()
        .AddSingleton<AuditStore>()
        .AddSingleton<CurrentSettings>().AddHostedService(it => it.GetRequiredService<CurrentSettings>())
        .AddSingleton<SessionStore>()
        .AddSingleton<PeopleDirectory>()
        .AddSingleton<Passwords>()
        .AddSingleton<Sessions>()
        .AddSingleton<SessionCookie>()
        .AddSingleton<AddressLimits>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<SignIn>()
        .AddSingleton<SignOut>()
        .AddSingleton<EndSessions>()
        .AddSingleton<GovernedAccounts>()
        .AddSingleton<Links>()
        .AddSingleton<ChangeProfile>()
        .AddSingleton<ChangeSettings>()
        .AddAccess();

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/about", About).WithSummary("What the sign-in page needs");
        api.MapPost("/sessions", SignIn).WithSummary("Sign in");

        var mine = api.MapGroup("").RequireSession();
        mine.MapGet("/session", Session).WithSummary("The session that this request came with").ForSessionsOnly();
        mine.MapDelete("/session", SignOut).WithSummary("Sign out").ForSessionsOnly();
        mine.MapGet("/me", Me).WithSummary("Your account");
        mine.MapPatch("/me", ChangeMe).WithSummary("Change your profile");
        mine.MapPatch("/settings", Settings).WithSummary("Change what holds for everybody; an administrator's").NeedsScope(Scope.Admin);
        mine.MapGet("/people", People).WithSummary("Everybody");
        mine.MapGet("/people/changes", PeopleChanges).WithSummary("Who is new, and whose name changed");
    }

    static async Task<Ok<About>> About(Database db, ServerStore server, AccountStore accounts, CancellationToken ct) =>
        TypedResults.Ok(await db.ReadAsync(async session =>
        {
            var settings = server.SettingsOf(await server.FindAsync(session));
            return new About(settings.Name, CommandLine.ProgramVersion, settings.Registration, !await accounts.AnyAsync(session));
        }, ct));

    static async Task<Results<Ok<SessionAnswer>, ProblemResult>> SignIn(
        SignInBody body, SignIn signIn, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        var outcome = await signIn.RunAsync(body.Username, body.Password, SessionCookie.VisitorOf(context, body.Bearer), ct);
        return outcome.TryGet(out var signedIn, out var refusal)
            ? TypedResults.Ok(cookie.Answer(context, signedIn, body.Bearer))
            : refusal.ToProblem();
    }

    static async Task<Results<Ok<SessionAnswer>, ProblemResult>> Session(
        Caller caller, Database db, PeopleDirectory people, Sessions sessions, HttpContext context, CancellationToken ct)
    {
        var me = await db.ReadAsync(session => people.FindAsync(session, caller.UserId), ct);
        var endsAt = await sessions.EndsAtAsync(SessionToken.Of(context.Request)!, ct);
        return me is not null && endsAt is not null ? TypedResults.Ok(new SessionAnswer(me, endsAt.Value, null)) : Refusal.NoSession.ToProblem();
    }

    static async Task<Results<Ok<ServerSettings>, ProblemResult>> Settings(
        Caller caller, SettingsBody body, ChangeSettings change, CancellationToken ct) =>
        (await change.RunAsync(caller, body, ct)).TryGet(out var settings, out var refusal) ? TypedResults.Ok(settings) : refusal.ToProblem();

    static async Task<NoContent> SignOut(Caller caller, SignOut signOut, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        await signOut.RunAsync(caller, ct);
        cookie.Clear(context);
        return TypedResults.NoContent();
    }

    static async Task<Results<Ok<Person>, ProblemResult>> Me(Caller caller, Database db, PeopleDirectory people, CancellationToken ct) =>
        await db.ReadAsync(session => people.FindAsync(session, caller.UserId), ct) is { } me
            ? TypedResults.Ok(me)
            : Refusal.NoSession.ToProblem();

    static async Task<Results<Ok<Person>, ProblemResult>> ChangeMe(
        Caller caller, ProfileBody body, ChangeProfile change, CancellationToken ct) =>
        (await change.RunAsync(caller, body, ct)).TryGet(out var me, out var refusal) ? TypedResults.Ok(me) : refusal.ToProblem();

    static async Task<Ok<PeopleList>> People(Database db, PeopleDirectory people, CancellationToken ct) =>
        TypedResults.Ok(await db.ReadAsync(session => new ValueTask<PeopleList>(people.ListAsync(session)), ct));

    static async Task<Ok<StreamChanges>> PeopleChanges(Database db, PeopleDirectory people, CancellationToken ct, long after = 0) =>
        TypedResults.Ok(await db.ReadAsync(session => new ValueTask<StreamChanges>(people.ChangesAsync(session, after)), ct));
}
