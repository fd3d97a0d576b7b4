using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Olha.Proof;

/// <summary>The server's source with all faults in it, each behind its switch: one program has them all, and shows one at a time.</summary>
internal static class MutatedSource
{
    /// <summary>The variable of the environment that names the one fault that the program is to have; without it, it has none.</summary>
    public const string Variable = "OLHA_MUTANT";

    static readonly string[] s_beside = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    /// <summary>The whole text of every file that the mutated program is built from, by its path below the project's folder.</summary>
    /// <exception cref="ProofException">A fault's text is not found exactly once: the source has moved on, and the table must follow.</exception>
    public static SortedDictionary<string, string> Read(string root, IReadOnlyList<Mutant> mutants)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in s_beside.Concat(SourcesBelow(root))) files[path] = File.ReadAllText(Path.Combine(root, path));

        foreach (var edits in mutants.SelectMany(mutant => mutant.Edits.Select(edit => (Mutant: mutant, Edit: edit))).GroupBy(it => it.Edit.File))
        {
            var path = $"src/{edits.Key}";
            if (!files.TryGetValue(path, out var text)) throw new ProofException($"Mutant {edits.First().Mutant.Name}: there is no file {path}.");
            var project = edits.Key[..edits.Key.IndexOf('/', StringComparison.Ordinal)];
            files[path] = Changed(text, project, [.. edits]);
            files[$"src/{project}/Mutant.cs"] = Switch(project);
        }
        return files;
    }

    /// <summary>Tells one set of sources from every other.</summary>
    public static string HashOf(SortedDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, text) in files) hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{text}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // Text only: what is built from nothing but text can be told apart by its text.
    static IEnumerable<string> SourcesBelow(string root) =>
        from file in Directory.EnumerateFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(root, file).Replace('\\', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
        select path;

    static string Changed(string text, string project, IReadOnlyList<(Mutant Mutant, Edit Edit)> edits)
    {
        var places = edits.Select(it => (Found: Find(text, it.Mutant, it.Edit), it.Mutant, it.Edit)).OrderByDescending(it => it.Found.Index).ToList();
        var end = text.Length;
        foreach (var (found, mutant, edit) in places)
        {
            if (found.Index + found.Length > end) throw new ProofException($"Mutant {mutant.Name}: another one changes the same text of {edit.File}.");
            end = found.Index;
            var after = edit.After.Replace("$on", $"global::{project}.Mutant.Is(\"{mutant.Name}\")", StringComparison.Ordinal);
            text = $"{text[..found.Index]}{after}{text[(found.Index + found.Length)..]}";
        }
        return text;
    }

    static Match Find(string text, Mutant mutant, Edit edit)
    {
        var lines = edit.Before.Split('\n').Select(static line => Regex.Escape(line.Trim()));
        var found = Regex.Matches(text, string.Join(@"\s*\n\s*", lines), RegexOptions.CultureInvariant);
        return found.Count == 1
            ? found[0]
            : throw new ProofException($"Mutant {mutant.Name}: {edit.File} has its text {found.Count} times instead of once: {edit.Before}");
    }

    static string Switch(string project) => $$"""
        namespace {{project}};

        /// <summary>Which deliberate fault this program has.</summary>
        internal static class Mutant
        {
            static readonly string? s_on = global::System.Environment.GetEnvironmentVariable("{{Variable}}");

            public static bool Is(string name) => s_on == name;
        }
        """;
}
