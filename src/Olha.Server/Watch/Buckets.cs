using System.Numerics;

namespace Olha.Server.Watch;

/// <summary>Durations, counted by how long they took, at most an eighth too long.</summary>
/// <remarks>Hot path: Add runs once a commit, from any thread; nothing is allocated. An octave of microseconds has eight buckets.</remarks>
internal sealed class Buckets
{
    const int PerOctave = 8, Octaves = 24; // up to a minute

    readonly long[] _counts = new long[PerOctave * Octaves];

    public void Add(TimeSpan took) => Interlocked.Increment(ref _counts[PlaceOf((ulong)Math.Max(0, took.Ticks / TimeSpan.TicksPerMicrosecond))]);

    /// <summary>What was counted since these counts were taken, which become those of now.</summary>
    public long[] Since(ref long[]? before)
    {
        var now = new long[_counts.Length];
        for (var at = 0; at < now.Length; at++) now[at] = Volatile.Read(ref _counts[at]);
        var since = before is { } old ? now.Zip(old, static (a, b) => a - b).ToArray() : now;
        before = now;
        return since;
    }

    /// <summary>The duration that a part of those counted took at most; null: none was counted.</summary>
    public static TimeSpan? AtMost(long[] counts, double part)
    {
        var all = counts.Sum();
        if (all == 0) return null;
        var wanted = (long)Math.Ceiling(all * part);
        var at = 0;
        for (var seen = counts[0]; seen < wanted; seen += counts[++at]) { }
        return TimeSpan.FromMicroseconds(EndOf(at));
    }

    static int PlaceOf(ulong microseconds)
    {
        if (microseconds < PerOctave) return (int)microseconds;
        var octave = BitOperations.Log2(microseconds) - 2; // 8..15 is the first after the plain ones
        return Math.Min(octave * PerOctave + (int)(microseconds >> (octave - 1) & (PerOctave - 1)), PerOctave * Octaves - 1);
    }

    static double EndOf(int place)
    {
        var (octave, within) = Math.DivRem(place, PerOctave);
        return octave == 0 ? within + 1 : (PerOctave + within + 1) * Math.Pow(2, octave - 1);
    }
}
