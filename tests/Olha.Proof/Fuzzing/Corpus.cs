namespace Olha.Proof;

/// <summary>Inputs that reached something in the readers that no other one did, found by coverage and kept.</summary>
internal static class Corpus
{
    public static string Folder { get; } = Path.Combine(Programs.Root, "tests", "Olha.Proof.Tests", "Corpus");

    public static IReadOnlyList<byte[]> Known { get; } = Read();

    static byte[][] Read() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
}
