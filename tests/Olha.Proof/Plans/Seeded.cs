namespace Olha.Proof;

/// <summary>The same numbers from the same seed on every machine, for ever: SplitMix64 (Steele, Lea and Flood, 2014).</summary>
internal sealed class Seeded(ulong seed)
{
    ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (uint)bound) >> 64);

    /// <summary>True so many times in a thousand.</summary>
    public bool Chance(int inThousand) => Below(1000) < inThousand;

    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>One of them, each as often as its weight says.</summary>
    public T Of<T>(IReadOnlyList<(T It, int Weight)> list)
    {
        var left = Below(list.Sum(static one => one.Weight));
        foreach (var (it, weight) in list)
            if ((left -= weight) < 0) return it;
        throw new InvalidOperationException("The weights do not add up.");
    }

    /// <summary>Other numbers, for a part that must not depend on how many the others take.</summary>
    public static Seeded For(ulong seed, int part) => new(new Seeded(seed ^ (0xD1B54A32D192ED03 * (ulong)(part + 1))).Next());
}
