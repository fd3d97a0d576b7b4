namespace Olha.Generate;

/// <summary>Writes the files that are made from the C# types, or with <c>--check</c> says which are out of date.</summary>
internal static class Program
{
    static int Main(string[] args)
    {
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
}
