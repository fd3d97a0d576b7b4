using System.Diagnostics;

namespace Olha.Proof;

/// <summary>What was seen from outside, by all devices, in the order in which it was written down.</summary>
internal sealed class History
{
    readonly Lock _gate = new();
    readonly List<Entry> _entries = [];
    readonly long _began = Stopwatch.GetTimestamp();
    int _ops;
    int _connections;

    /// <summary>Microseconds since the run began.</summary>
    public long Now => (long)Stopwatch.GetElapsedTime(_began).TotalMicroseconds;

    public int NewOp() => Interlocked.Increment(ref _ops);

    public int NewConnection() => Interlocked.Increment(ref _connections);

    public void Add(Entry entry)
    {
        lock (_gate) _entries.Add(entry);
    }

    /// <summary>All entries so far, ascending by <see cref="Entry.At"/>.</summary>
    public IReadOnlyList<Entry> Entries
    {
        get { lock (_gate) return [.. _entries.OrderBy(static entry => entry.At)]; }
    }
}
