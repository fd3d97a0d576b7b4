using System.Diagnostics;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Http;

/// <summary>How this node is, as <c>/ready</c> says it and the other nodes are told.</summary>
internal sealed class SelfCheck(Database database, Conditions conditions, IEnumerable<WhyNotReady> lacks, IHostApplicationLifetime life)
{
    // As PostgreSQL has it, a bare 1 is no bigint.
    const string Anything = "SELECT CAST(1 AS BIGINT)";
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Looks now. Waits for the database for two seconds at most.</summary>
    /// <returns>How it is, and how long the database took to answer; null: it did not, or was not asked.</returns>
    public async Task<(Readiness How, TimeSpan? Database)> LookAsync(CancellationToken ct)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return (new(ReadyState.Stopping), null);
        if (!life.ApplicationStarted.IsCancellationRequested) return (new(ReadyState.Starting), null);
        if (await AskAsync(ct) is not { } took) return (new(ReadyState.Unavailable, [new("database", "The database does not answer.")]), null);

        foreach (var lack in lacks)
            if (lack() is { } why) return (new(ReadyState.Unavailable, [new("certificate", why)]), took);

        var reasons = conditions.Now();
        return (reasons.Count == 0 ? new(ReadyState.Ready) : new(ReadyState.Degraded, reasons), took);
    }

    async Task<TimeSpan?> AskAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await database.ReadAsync(session => session.ScalarAsync<long>(Anything), patience.Token).AsTask().WaitAsync(patience.Token);
            return Stopwatch.GetElapsedTime(began);
        }
        catch (Exception e) when (e is DatabaseUnavailableException or OperationCanceledException)
        {
            return null;
        }
    }
}
