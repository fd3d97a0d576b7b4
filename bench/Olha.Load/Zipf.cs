namespace Olha.Load;

/// <summary>Picks rooms as people do: the n-th with an n-th of the first's likelihood.</summary>
internal sealed class Zipf(int count, int seed)
{
    readonly double[] _upTo = Sums(count);
    readonly Random _random = new(seed);

    /// <returns>0 to the count - 1.</returns>
    public int Next()
    {
        var at = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return Math.Min(at < 0 ? ~at : at, _upTo.Length - 1);
    }

    static double[] Sums(int count)
    {
        var sums = new double[count];
        for (var (i, sum) = (0, 0.0); i < count; i++) sums[i] = sum += 1.0 / (i + 1);
        return sums;
    }
}
