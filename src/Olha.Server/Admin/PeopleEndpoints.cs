using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>The HTTP door of the administration of people.</summary>
internal static class PeopleEndpoints
{
    public static IServiceCollection AddPeopleAdministration(this IServiceCollection services) => services
        .AddSingleton<GiveStanding>()
        .AddSingleton<ChangeAccount>()
        .AddSingleton<EndSessionsOf>()
        .AddSingleton<MakeRecoveryLink>()
        .AddSingleton<AdminCommands>();

    public static void MapPeopleAdministration(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/people", All).WithSummary("Accounts by id, 50 a page");
        admin.MapPatch("/people/{userId:long}", Change).WithSummary("Change somebody's role or state");
        admin.MapDelete("/people/{userId:long}/sessions", EndSessions).WithSummary("Sign somebody out everywhere");
        admin.MapPost("/people/{userId:long}/recovery", Recover).WithSummary("Make a link with which somebody sets a new password");
    }

    static async Task<Results<Ok<AccountList>, ProblemResult>> All(
        Caller caller, Database db, PeopleDirectory people, GovernedAccounts governed, CancellationToken ct,
        string query = "", string role = "", string state = "", long after = 0)
    {
        // PostgreSQL has no NUL in a text; nobody's name has one.
        if (query.Contains('\0') || !TryRead<Role>(role, out var ofRole) || !TryRead<PersonState>(state, out var inState))
            return Refusal.InvalidField.ToProblem();
        return await db.ReadAsync<Results<Ok<AccountList>, ProblemResult>>(async session =>
            Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)) is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Ok(await governed.ListAsync(session, after, query, ofRole, inState)), ct);
    }

    static async Task<Results<Ok<Account>, ProblemResult>> Change(
        Caller caller, long userId, AccountBody body, ChangeAccount change, CancellationToken ct) =>
        (await change.RunAsync(caller, userId, body, ct)).TryGet(out var account, out var refusal)
            ? TypedResults.Ok(account)
            : refusal.ToProblem();

    static async Task<Results<NoContent, ProblemResult>> EndSessions(
        Caller caller, long userId, EndSessionsOf end, CancellationToken ct) =>
        await end.RunAsync(caller, userId, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Created<NewLink>, ProblemResult>> Recover(
        Caller caller, long userId, MakeRecoveryLink make, CancellationToken ct) =>
        (await make.RunAsync(caller, userId, ct)).TryGet(out var link, out var refusal)
            ? TypedResults.Created((string?)null, link)
            : refusal.ToProblem();

    // Words as they travel in bodies; nothing is no choice.
    static bool TryRead<T>(string word, out T? chosen) where T : struct, Enum
    {
        chosen = Enum.TryParse<T>(word, ignoreCase: true, out var value) && word.All(char.IsAsciiLetter) ? value : null;
        return chosen is not null || word.Length == 0;
    }
}
