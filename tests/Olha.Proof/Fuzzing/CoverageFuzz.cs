using System.Diagnostics;
using System.Text;

namespace Olha.Proof;

/// <summary>Looks for inputs that bring the readers to where no input brought them before, and keeps these to begin from.</summary>
internal sealed class CoverageFuzz(Readers readers, ulong seed)
{
    // A frame of 64 KiB takes a few milliseconds, and ten times that where every step is counted.
    static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(250);

    static readonly string[] s_texts = ["ana", "@ana e `@bruno` ```\n@room\n``` @x", "👨‍👩‍👧", "America/Sao_Paulo", "José 日本 ß ẞ ſ", "a\tb\r\nc"];

    readonly List<(int Reader, byte[] Bytes)> _kept = [];

    /// <summary>What was found to be new, by reader, smallest first.</summary>
    public IReadOnlyList<(int Reader, byte[] Bytes)> Kept => _kept;

    /// <summary>Goes on until so many inputs were read.</summary>
    /// <param name="inputs">How many.</param>
    /// <param name="known">Inputs that are known already.</param>
    public IReadOnlyList<Finding> Run(long inputs, IReadOnlyList<byte[]> known)
    {
        List<Finding> findings = [];
        byte[][] first = [.. known, .. s_texts.Select(Encoding.UTF8.GetBytes), .. Babble.Samples(new Dice(seed, 0)), .. RequestNoise.Samples(new Dice(seed, 0))];
        for (var reader = 0; reader < readers.Count; reader++)
            foreach (var bytes in first) Try(reader, bytes, 0, findings);

        for (var number = 1L; number <= inputs && findings.Count < 5; number++)
        {
            var dice = new Dice(seed, number);
            var (reader, bytes) = dice.One(_kept);
            var other = dice.One(_kept).Bytes;
            Try(reader, dice.Chance(0.4) && JsonNoise.TryMutate(dice, bytes) is { } json ? json : ByteNoise.Mutate(dice, bytes, other), number, findings);
        }
        return findings;
    }

    void Try(int reader, byte[] bytes, long number, List<Finding> findings)
    {
        if (bytes.Length > 64 * 1024) return;
        Coverage.Begin();
        var (wrong, took) = Read(reader, bytes);
        // The machine may have been slow, and not the reader: of several times the best one counts.
        for (var again = 0; again < 5 && wrong is null && took > s_slow; again++) took = Read(reader, bytes).Took;
        if (took > s_slow) wrong ??= $"reader {reader} took {took.TotalMilliseconds:0} ms for {bytes.Length} bytes";
        if (wrong is not null) findings.Add(new Finding(wrong, seed, number, [bytes]));
        else if (Coverage.IsNew()) _kept.Add((reader, bytes));
    }

    (string? Wrong, TimeSpan Took) Read(int reader, byte[] bytes)
    {
        var began = Stopwatch.GetTimestamp();
        return (readers.Read(reader, bytes), Stopwatch.GetElapsedTime(began));
    }

    /// <summary>The fewest of the kept inputs that reach all of it, the smallest first.</summary>
    public static IReadOnlyList<byte[]> Least(Readers readers, IReadOnlyList<(int Reader, byte[] Bytes)> kept)
    {
        Coverage.Forget();
        List<byte[]> least = [];
        foreach (var (reader, bytes) in kept.OrderBy(static it => it.Bytes.Length))
        {
            Coverage.Begin();
            readers.Read(reader, bytes);
            if (Coverage.IsNew() && bytes.Length <= 300 && !least.Any(it => it.AsSpan().SequenceEqual(bytes))) least.Add(bytes);
        }
        return least;
    }
}
