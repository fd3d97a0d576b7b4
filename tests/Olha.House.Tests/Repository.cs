namespace Olha.House.Tests;

/// <summary>The source that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Olha.slnx")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
