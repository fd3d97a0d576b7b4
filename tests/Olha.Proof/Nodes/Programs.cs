namespace Olha.Proof;

/// <summary>Where the program under test is.</summary>
internal static class Programs
{
    /// <summary>The published file that <c>OLHA_TEST_BINARY</c> names, or else the program of this build.</summary>
    public static IReadOnlyList<string> UnderTest =>
        Environment.GetEnvironmentVariable("OLHA_TEST_BINARY") is { Length: > 0 } published ? [published] : [Built];

    /// <summary>The project's folder, from wherever in it this was built.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the libraries of the program of this build lie.</summary>
    public static string BuiltFolder => Path.GetDirectoryName(Built)!;

    static string Built
    {
        get
        {
            // The same configuration as this one: …/bin/Debug/net10.0/
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            var program = Path.Combine(Root, "src", "Olha.Server", "bin", configuration, "net10.0", "olha");
            return File.Exists(program) ? program : throw new ProofException($"There is no program at {program}: build the solution first.");
        }
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Olha.slnx"))) return folder.FullName;
        throw new ProofException($"{AppContext.BaseDirectory} is not inside the project.");
    }
}
