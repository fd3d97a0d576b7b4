using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Gateway;
using Olha.Server.Http;
using Olha.Server.Messages;

namespace Olha.Server.Watch;

/// <summary>Keeps what this node did in the last ten minutes, a moment every five seconds, for administrators who run nothing else that
/// does.</summary>
internal sealed class Recorder(
    Hub hub, ConnectionLimits people, Commits commits, PostMessage posts, RefusalCounts refusals, TimeProvider clock) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Ten minutes.</summary>
    const int Most = 120;

    readonly Lock _gate = new();
    readonly Queue<Moment> _moments = new(Most);
    Totals _before;
    long[]? _commitsBefore;

    readonly record struct Totals(long At, long Messages, long Deliveries, long Refusals);

    /// <summary>When the node was started.</summary>
    public DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

    /// <summary>The moments after one, the oldest first.</summary>
    public IReadOnlyList<Moment> After(DateTimeOffset at)
    {
        lock (_gate) return [.. _moments.Where(it => it.At > at)];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _before = Count();
        commits.Took.Since(ref _commitsBefore);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) Look();
    }

    void Look()
    {
        var now = Count();
        var took = commits.Took.Since(ref _commitsBefore);
        var seconds = Math.Max(0.001, clock.GetElapsedTime(_before.At, now.At).TotalSeconds);
        var moment = new Moment(
            clock.GetUtcNow(), people.People, hub.ConnectionCount, Rate(now.Messages - _before.Messages), Rate(now.Deliveries - _before.Deliveries),
            Buckets.AtMost(took, 0.5)?.TotalMilliseconds, Buckets.AtMost(took, 0.99)?.TotalMilliseconds,
            Environment.WorkingSet, hub.Waiting().Bytes, Rate(now.Refusals - _before.Refusals));
        _before = now;
        lock (_gate)
        {
            if (_moments.Count == Most) _moments.Dequeue();
            _moments.Enqueue(moment);
        }

        double Rate(long count) => Math.Round(count / seconds, 2);
    }

    Totals Count() => new(clock.GetTimestamp(), posts.Stored, hub.Deliveries, refusals.All);
}
