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
    long _last;
    long _answeredAt;
    bool _wasRestored;

    /// <summary>Microseconds since the run began; no two are alike. Posts that are asked again together go out within one microsecond, and
    /// what order they went in is what I4 is judged by (seeds 3 and 8 under a foreign lock).</summary>
    public long Now
    {
        get
        {
            while (true)
            {
                var last = Volatile.Read(ref _last);
                var now = Math.Max((long)Stopwatch.GetElapsedTime(_began).TotalMicroseconds, last + 1);
                if (Interlocked.CompareExchange(ref _last, now, last) == last) return now;
            }
        }
    }

    public int NewOp() => Interlocked.Increment(ref _ops);

    public int NewConnection() => Interlocked.Increment(ref _connections);

    public void Add(Entry entry)
    {
        lock (_gate) _entries.Add(entry);
        if (entry is Answered) Volatile.Write(ref _answeredAt, entry.At);
    }

    /// <summary>Whether a backup took the place of the data: nothing may be lost by it here, but every device has to be told to start afresh.</summary>
    public bool WasRestored { get => Volatile.Read(ref _wasRestored); set => Volatile.Write(ref _wasRestored, value); }

    /// <summary>When the last answer came.</summary>
    public long AnsweredAt => Volatile.Read(ref _answeredAt);

    /// <summary>All entries so far, ascending by <see cref="Entry.At"/>.</summary>
    public IReadOnlyList<Entry> Entries
    {
        get { lock (_gate) return [.. _entries.OrderBy(static entry => entry.At)]; }
    }
}
