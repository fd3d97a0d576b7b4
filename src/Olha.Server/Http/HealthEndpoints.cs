using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>A reason for which the program may take no traffic now, as a sentence; null: none.</summary>
internal delegate string? WhyNotReady();

/// <summary>What watches over the program asks here: <c>/health</c>, does the process answer? <c>/ready</c>, may it take traffic, and is
/// there something to look at?</summary>
internal static class HealthEndpoints
{
    static readonly Health s_alive = new("alive");

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", static () => TypedResults.Ok(s_alive)).ExcludeFromDescription();
        app.MapGet("/ready", ReadyAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ReadyAsync(HttpContext context, SelfCheck self, Watchers watchers, CancellationToken ct)
    {
        var (ready, _) = await self.LookAsync(ct);
        if (!watchers.MaySee(context)) ready = ready with { Reasons = null };
        context.Response.Headers.CacheControl = "no-store";
        return ready.Status is ReadyState.Ready or ReadyState.Degraded
            ? TypedResults.Ok(ready)
            : TypedResults.Json(ready, ProtocolJson.Wire.Readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
