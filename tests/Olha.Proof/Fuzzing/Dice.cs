namespace Olha.Proof;

/// <summary>The choices of one case. The run's seed and the case's number make them, so that any case can be made again alone.</summary>
internal sealed class Dice(ulong seed, long number)
{
    readonly Random _random = new(Mixed(seed + 0x9E3779B97F4A7C15 * (ulong)number));

    public int Below(int end) => _random.Next(end);

    public long Long() => _random.NextInt64(long.MinValue, long.MaxValue);

    public bool Chance(double of) => _random.NextDouble() < of;

    public T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>Small numbers more often than large ones.</summary>
    public int Size(int most) => _random.Next(1 + _random.Next(1 + _random.Next(1 + most)));

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    // SplitMix64's last step: neighbouring cases have nothing in common.
    static int Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return (int)(value ^ (value >> 31));
    }
}
