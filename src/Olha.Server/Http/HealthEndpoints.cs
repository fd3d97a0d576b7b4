using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Http;

/// <summary>A reason for which the program may take no traffic now, as a sentence; null: none.</summary>
internal delegate string? WhyNotReady();

/// <summary>What watches over the program asks here: <c>/health</c>, does the process answer? <c>/ready</c>, may it take traffic, and is
/// there something to look at?</summary>
internal static class HealthEndpoints
{
    // As PostgreSQL has it, a bare 1 is no bigint.
    const string Anything = "SELECT CAST(1 AS BIGINT)";
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    static readonly Health s_alive = new("alive");

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", static () => TypedResults.Ok(s_alive)).ExcludeFromDescription();
        app.MapGet("/ready", ReadyAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ReadyAsync(
        HttpContext context, Database database, Conditions conditions, IEnumerable<WhyNotReady> lacks, Watchers watchers, IHostApplicationLifetime life,
        CancellationToken ct)
    {
        var ready = await StateAsync(database, conditions, lacks, life, ct);
        if (!watchers.MaySee(context)) ready = ready with { Reasons = null };
        context.Response.Headers.CacheControl = "no-store";
        return ready.Status is ReadyState.Ready or ReadyState.Degraded
            ? TypedResults.Ok(ready)
            : TypedResults.Json(ready, ProtocolJson.Wire.Readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<Readiness> StateAsync(
        Database database, Conditions conditions, IEnumerable<WhyNotReady> lacks, IHostApplicationLifetime life, CancellationToken ct)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return new(ReadyState.Stopping);
        if (!life.ApplicationStarted.IsCancellationRequested) return new(ReadyState.Starting);
        if (!await AnswersAsync(database, ct)) return new(ReadyState.Unavailable, [new("database", "The database does not answer.")]);

        foreach (var lack in lacks)
            if (lack() is { } why) return new(ReadyState.Unavailable, [new("certificate", why)]);

        var reasons = conditions.Now();
        return reasons.Count == 0 ? new(ReadyState.Ready) : new(ReadyState.Degraded, reasons);
    }

    static async Task<bool> AnswersAsync(Database database, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            await database.ReadAsync(session => session.ScalarAsync<long>(Anything), patience.Token).AsTask().WaitAsync(patience.Token);
            return true;
        }
        catch (Exception e) when (e is DatabaseUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }
}
