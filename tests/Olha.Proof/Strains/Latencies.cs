using System.Diagnostics;

namespace Olha.Proof;

/// <summary>How long things took, counted in steps of 0.1 ms up to 20 s. Many may add at a time.</summary>
internal sealed class Latencies
{
    const int StepsPerMs = 10;

    readonly int[] _counts = new int[20_000 * StepsPerMs];
    long _count;

    public long Count => Volatile.Read(ref _count);

    public void Since(long timestamp) => Add(Stopwatch.GetElapsedTime(timestamp));

    public void Add(TimeSpan took)
    {
        var step = (int)Math.Clamp(took.TotalMilliseconds * StepsPerMs, 0, _counts.Length - 1);
        Interlocked.Increment(ref _counts[step]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Milliseconds that a share of them did not exceed; 0 when there are none.</summary>
    public double Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (var step = 0; step < _counts.Length && wanted > 0; step++)
            if ((seen += _counts[step]) >= wanted) return (step + 1) / (double)StepsPerMs;
        return 0;
    }
}
