namespace Olha.Generate;

/// <summary>Writes the files that are made from the C# code, or with <c>--check</c> says which are out of date. With
/// <c>--breaks before.json</c> says what of an earlier description clients cannot rely on any more.</summary>
internal static class Program
{
    static int Main(string[] args)
    {
        if (args is [var repository, "--breaks", var before]) return Breaks(repository, before);

        var root = args.FirstOrDefault(arg => !arg.StartsWith('-')) ?? Directory.GetCurrentDirectory();
        var check = args.Contains("--check");
        var stale = GeneratedFile.All.Where(file => !file.IsCurrent(root)).ToList();

        foreach (var file in stale)
        {
            if (!check) file.Write(root);
            Console.WriteLine(check ? $"{file.Path} is out of date: run script/generate" : $"wrote {file.Path}");
        }

        return check && stale.Count > 0 ? 1 : 0;
    }

    // What was broken on purpose stands in docs/openapi.breaks, as it is said here, until it is released.
    static int Breaks(string root, string before)
    {
        var accepted = Path.Combine(root, "docs/openapi.breaks");
        var breaks = BreakingChanges.Between(File.ReadAllText(before), File.ReadAllText(Path.Combine(root, "docs/openapi.json")))
            .Except(File.Exists(accepted) ? File.ReadAllLines(accepted) : []).ToList();
        foreach (var line in breaks) Console.WriteLine(line);
        return breaks.Count > 0 ? 1 : 0;
    }
}
