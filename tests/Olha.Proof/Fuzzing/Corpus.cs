using System.Security.Cryptography;

namespace Olha.Proof;

/// <summary>Inputs that reached something in the readers that no other one did, found by <see cref="CoverageFuzz"/> and kept.</summary>
internal static class Corpus
{
    public static string Folder { get; } = Path.Combine(Programs.Root, "tests", "Olha.Proof.Tests", "Corpus");

    public static IReadOnlyList<byte[]> Known { get; } = Read();

    /// <summary>Keeps these instead of what there is, each under a name of its content.</summary>
    public static void Keep(IReadOnlyList<byte[]> inputs)
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        foreach (var input in inputs) File.WriteAllBytes(Path.Combine(Folder, $"{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6))}.bin"), input);
    }

    static byte[][] Read() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
}
