using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;

namespace Olha.Server.Membership;

/// <summary>The HTTP door of all that is one's own: taking it along, and taking it away.</summary>
internal static class OwnDataEndpoints
{
    public static IServiceCollection AddOwnData(this IServiceCollection services) => services
        .AddSingleton<ExportOwn>()
        .AddSingleton<DeleteAccount>();

    public static void MapOwnData(this IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("/me").RequireSession().ForSessionsOnly();
        mine.MapGet("/export", Export).WithSummary("Everything about you, as one JSON document")
            .WithMetadata(new ProducesResponseTypeMetadata(200, typeof(OwnData), ["application/json"]));
        mine.MapDelete("/", Delete).WithSummary("Delete your account, for good");
    }

    static async Task<Results<EmptyHttpResult, ProblemResult>> Export(Caller caller, ExportOwn export, HttpContext context, CancellationToken ct)
    {
        if (!export.TryEnter(caller.UserId)) return (Refusal.TooFast with { RetryAfter = TimeSpan.FromSeconds(10) }).ToProblem();
        try
        {
            var response = context.Response;
            response.ContentType = "application/json; charset=utf-8";
            response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"olha-mensagem-{caller.UserId}.json\"";
            response.Headers[HeaderNames.CacheControl] = "no-store";
            await export.WriteAsync(caller, response.BodyWriter, ct);
            return TypedResults.Empty;
        }
        finally
        {
            export.Leave(caller.UserId);
        }
    }

    static async Task<Results<NoContent, ProblemResult>> Delete(
        Caller caller, [FromBody] DeleteAccountBody body, DeleteAccount delete, SessionCookie cookie, HttpContext context, CancellationToken ct)
    {
        if (await delete.RunAsync(caller, body, Visitor.Of(context), ct) is { } refusal) return refusal.ToProblem();
        cookie.Clear(context);
        return TypedResults.NoContent();
    }
}
