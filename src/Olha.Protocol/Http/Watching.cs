namespace Olha.Protocol;

/// <summary>Whether the server may take traffic. Up to <see cref="Degraded"/> it may.</summary>
public enum ReadyState
{
    /// <summary>All is well.</summary>
    Ready,
    /// <summary>It serves, but something should be looked at.</summary>
    Degraded,
    /// <summary>It has not finished starting.</summary>
    Starting,
    /// <summary>It finishes what it has and ends.</summary>
    Stopping,
    /// <summary>Its database does not answer.</summary>
    Unavailable,
}

/// <summary><c>GET /ready</c>.</summary>
/// <param name="Status">Whether it may take traffic: then the answer is 200, otherwise 503.</param>
/// <param name="Reasons">Why it is not simply ready, for those who may read the metrics; null: nothing to say, or not to you.</param>
public sealed record Readiness(ReadyState Status, IReadOnlyList<Condition>? Reasons = null);

/// <summary><c>GET /health</c>.</summary>
/// <param name="Status"><c>alive</c>.</param>
public sealed record Health(string Status);

/// <summary>Something that should be looked at, though the server serves.</summary>
/// <param name="Reason">What it is in a word: stable for ever.</param>
/// <param name="Detail">An English sentence.</param>
public sealed record Condition(string Reason, string Detail);

/// <summary>What one node did and held lately.</summary>
/// <param name="StartedAt">When it was started.</param>
/// <param name="IntervalMs">Milliseconds from one moment to the next.</param>
/// <param name="Moments">The last ten minutes at most, the oldest first.</param>
/// <param name="Conditions">What should be looked at now.</param>
public sealed record Lately(
    DateTimeOffset StartedAt, int IntervalMs, IReadOnlyList<Moment> Moments, IReadOnlyList<Condition> Conditions);

/// <summary>One moment of a node. Rates and latencies are of the time since the moment before.</summary>
/// <param name="At">When.</param>
/// <param name="People">People who have a socket open here.</param>
/// <param name="Connections">Sockets.</param>
/// <param name="Messages">Messages said, a second.</param>
/// <param name="Deliveries">Frames said on topics, each counted once a listener, a second.</param>
/// <param name="CommitP50">Milliseconds that half of the commits took at most; null: there was none.</param>
/// <param name="CommitP99">Milliseconds that 99 of 100 commits took at most; null: there was none.</param>
/// <param name="MemoryBytes">What the process holds in memory.</param>
/// <param name="QueueBytes">What waits to be written to sockets.</param>
/// <param name="Refusals">Refusals told, a second.</param>
public sealed record Moment(
    DateTimeOffset At, long People, long Connections, double Messages, double Deliveries, double? CommitP50, double? CommitP99,
    long MemoryBytes, long QueueBytes, double Refusals);
