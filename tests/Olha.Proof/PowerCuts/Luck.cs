namespace Olha.Proof;

/// <summary>What of the unsynced reaches the disk before the power goes: one cut's choice.</summary>
internal sealed class Luck
{
    readonly Random _random;
    readonly double _keeps;
    readonly double _tears;
    readonly double _sector;
    readonly bool _empty;
    readonly double _names;

    public Luck(Random random)
    {
        _random = random;
        // Nothing, all and nearly all are worth a look of their own; most is what lies between.
        _keeps = random.Next(6) switch { 0 => 0, 1 => 1, 2 => 0.95, 3 => 0.05, _ => random.NextDouble() };
        _tears = random.Next(3) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
        _sector = random.NextDouble();
        _empty = random.Next(4) == 0;
        _names = random.Next(4) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
    }

    public bool Keeps() => _random.NextDouble() < _keeps;

    public bool Tears() => _random.NextDouble() < _tears;

    public bool KeepsSector() => _random.NextDouble() < _sector;

    public bool GrowsEmpty() => _empty;

    public bool KeepsName() => _random.NextDouble() < _names;

    /// <summary>What nobody wrote.</summary>
    public byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }
}
