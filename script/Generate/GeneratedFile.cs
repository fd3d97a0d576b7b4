using Olha.Load;

namespace Olha.Generate;

/// <summary>A file of the repository whose text follows from the C# types.</summary>
/// <param name="Path">From the repository's root.</param>
/// <param name="Render">Makes the text, always the same for the same types.</param>
public sealed record GeneratedFile(string Path, Func<string> Render)
{
    public static IReadOnlyList<GeneratedFile> All { get; } =
    [
        new("web/src/lib/protocol/types.ts", TypeScript.Render),
        new("docs/configuration.md", ConfigurationDocs.Render),
        new("docs/openapi.json", Description.Render),
        new(ScalingDocs.Path, ScalingDocs.Render), // follows from what was measured: bench/results/scaling.json
    ];

    public bool IsCurrent(string root)
    {
        var path = System.IO.Path.Combine(root, Path);
        return File.Exists(path) && File.ReadAllText(path) == Render();
    }

    public void Write(string root)
    {
        var path = System.IO.Path.Combine(root, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Render());
    }
}
