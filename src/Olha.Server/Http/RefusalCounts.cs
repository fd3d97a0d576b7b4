using System.Collections.Concurrent;
using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>Where a refusal was told.</summary>
internal enum Door { Http, Socket, Original }

/// <summary>How often each refusal was told at each door since the start. Codes are those of <see cref="Refusal"/>: a fixed set.</summary>
internal sealed class RefusalCounts
{
    readonly ConcurrentDictionary<(Door Door, string Code), Count> _counts = new();
    long _all;

    /// <summary>All together.</summary>
    public long All => Volatile.Read(ref _all);

    public void Add(Door door, Refusal refusal)
    {
        Interlocked.Increment(ref _all);
        Interlocked.Increment(ref _counts.GetOrAdd((door, refusal.Code), static _ => new Count()).Value);
    }

    /// <summary>Those that were told at least once.</summary>
    public IEnumerable<(Door Door, string Code, long Count)> Each() =>
        _counts.Select(static it => (it.Key.Door, it.Key.Code, Volatile.Read(ref it.Value.Value)));

    sealed class Count
    {
        public long Value;
    }
}
