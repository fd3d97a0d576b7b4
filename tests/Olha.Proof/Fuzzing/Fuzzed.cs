using System.Text;

namespace Olha.Proof;

/// <summary>Something that the server must never do, with what made it.</summary>
/// <param name="Said">What it did.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Case">The case's number in it.</param>
/// <param name="Input">The least that was found to make it.</param>
internal sealed record Finding(string Said, ulong Seed, long Case, IReadOnlyList<byte[]> Input)
{
    /// <summary>As text that can be read, with everything else in hexadecimal.</summary>
    public override string ToString() =>
        $"{Said}\n  seed {Seed}, case {Case}\n" + string.Concat(Input.Select(static part => $"  {Shown(part)}\n"));

    /// <summary>Keeps the bytes, a file a part, so that they can be sent again.</summary>
    public void Keep(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Input.Count; i++) File.WriteAllBytes(Path.Combine(folder, $"{Seed}-{Case}-{i}.bin"), Input[i]);
    }

    static string Shown(byte[] part)
    {
        var shown = part.AsSpan(0, Math.Min(part.Length, 400));
        return (shown.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexString(shown) + "  " : "") + Encoding.Latin1.GetString(shown).ReplaceLineEndings("\\n")
            + (part.Length > shown.Length ? $"… ({part.Length} bytes)" : "");
    }
}

/// <summary>What a run of noise came to.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Inputs">Frames, or requests.</param>
/// <param name="Connections">How many connections they took.</param>
/// <param name="Acknowledged">Posts among them that were stored, and were found in the database.</param>
/// <param name="Before">MiB of memory when it began.</param>
/// <param name="After">MiB when it had ended.</param>
/// <param name="Peak">The most MiB in between.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Findings">What the server did that it must not.</param>
internal sealed record Fuzzed(
    ulong Seed, long Inputs, long Connections, long Acknowledged, long Before, long After, long Peak, TimeSpan Took, IReadOnlyList<Finding> Findings)
{
    /// <summary>MiB that the server may hold more than when it began, at its worst: buffers of a few connections, and the database's pages.</summary>
    public const long MostMore = 256;

    /// <summary>What was measured.</summary>
    public IReadOnlyList<Demand> Demands =>
    [
        Demand.Figure("memory before", Before, "MiB"), Demand.Figure("memory after", After, "MiB"),
        Demand.AtMost("most memory", Peak, "MiB", Before + MostMore),
    ];

    /// <summary>As evidence.</summary>
    public Part ToPart(IProof proof, string unit, double asked) =>
        new(proof.Name, proof.Summary, unit, asked, Inputs, Seed, Demands, [.. Findings.Select(static finding => finding.ToString())]);
}
