using Olha.Storage;

namespace Olha.Server.Http;

/// <summary>A reason for which the program may take no traffic now, as a short line; null: none.</summary>
internal delegate string? WhyNotReady();

/// <summary>What watches over the program asks here: <c>/health</c>, does the process answer? <c>/ready</c>, may it take traffic?</summary>
internal static class Health
{
    // As PostgreSQL has it, a bare 1 is no bigint.
    const string Anything = "SELECT CAST(1 AS BIGINT)";
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", () => TypedResults.Text("alive\n")).ExcludeFromDescription();
        app.MapGet("/ready", ReadyAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ReadyAsync(
        Database database, IHostApplicationLifetime life, IEnumerable<WhyNotReady> reasons, CancellationToken ct)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return NotNow("stopping\n");
        foreach (var why in reasons)
            if (why() is { } reason) return NotNow($"{reason}\n");

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            await database.ReadAsync(session => session.ScalarAsync<long>(Anything), patience.Token).AsTask().WaitAsync(patience.Token);
            return TypedResults.Text("ready\n");
        }
        catch (Exception e) when (e is DatabaseUnavailableException or OperationCanceledException)
        {
            return NotNow("the database does not answer\n");
        }
    }

    static IResult NotNow(string reason) => TypedResults.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable);
}
