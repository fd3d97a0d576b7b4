using System.Collections.Concurrent;
using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>Where a refusal was told.</summary>
internal enum Door { Http, Socket, Original }

/// <summary>How often each refusal was told at each door since the start. Codes are those of <see cref="Refusal"/>: a fixed set.</summary>
internal sealed class RefusalCounts
{
    // Alerts watch these: a count that appears with 1 has not risen, as Prometheus sees it, so they stand there from the start.
    static readonly Refusal[] s_watched = [Refusal.Broken, Refusal.Unavailable, Refusal.WrongCredentials, Refusal.TooFast];

    readonly ConcurrentDictionary<(Door Door, string Code), Count> _counts =
        new(s_watched.Select(static it => KeyValuePair.Create((Door.Http, it.Code), new Count())));
    long _all;

    /// <summary>All together.</summary>
    public long All => Volatile.Read(ref _all);

    public void Add(Door door, Refusal refusal)
    {
        Interlocked.Increment(ref _all);
        Interlocked.Increment(ref _counts.GetOrAdd((door, refusal.Code), static _ => new Count()).Value);
    }

    /// <summary>Those that were told at least once, and those that are watched.</summary>
    public IEnumerable<(Door Door, string Code, long Count)> Each() =>
        _counts.Select(static it => (it.Key.Door, it.Key.Code, Volatile.Read(ref it.Value.Value)));

    sealed class Count
    {
        public long Value;
    }
}
