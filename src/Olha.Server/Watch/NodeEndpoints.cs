using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Watch;

/// <summary>The nodes of the server, for administrators.</summary>
internal static class NodeEndpoints
{
    /// <summary>Its last word is the last of the node: what is added after this stops before it.</summary>
    public static IServiceCollection AddNodes(this IServiceCollection services) => services
        .AddSingleton<BackplaneWatch>()
        .AddSingleton<NodeBoard>()
        .AddSingleton<NodeSelf>()
        .AddSingleton<NodeTelling>().AddHostedService(it => it.GetRequiredService<NodeTelling>());

    public static void MapNodes(this IEndpointRouteBuilder api) => api
        .MapGet("/admin/nodes", Nodes).RequireSession().WithTags("Admin")
        .WithSummary("The nodes of this server as the one that answers hears them: how each is, whom it hears, and how long word takes");

    static async Task<Results<Ok<NodeList>, ProblemResult>> Nodes(
        Caller caller, Database db, PeopleDirectory people, NodeSelf self, NodeBoard board, CancellationToken ct) =>
        await db.ReadAsync(async session => Authority.WhyNotAdminister(await people.FindAsync(session, caller.UserId)), ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(board.With(await self.LookAsync(ct)));
}
