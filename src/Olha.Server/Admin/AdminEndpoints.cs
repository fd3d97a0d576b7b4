using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Admin;

/// <summary>The HTTP door of administration.</summary>
internal static class AdminEndpoints
{
    const int AuditPage = 100;

    public static IServiceCollection AddAdmin(this IServiceCollection services) => services
        .AddPeopleAdministration();

    public static void MapAdmin(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/admin").RequireSession();
        admin.MapGet("/audit", Audit).WithSummary("Administrative acts, the last first");
        admin.MapPeopleAdministration();
    }

    static async Task<Results<Ok<AuditList>, ProblemResult>> Audit(
        Caller caller, Database db, PeopleDirectory people, AuditStore audit, CancellationToken ct, long before = long.MaxValue) =>
        await db.ReadAsync<Results<Ok<AuditList>, ProblemResult>>(async session =>
            Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)) is { } refusal
                ? refusal.ToProblem()
                : TypedResults.Ok(await audit.BeforeAsync(session, before, AuditPage)), ct);
}
