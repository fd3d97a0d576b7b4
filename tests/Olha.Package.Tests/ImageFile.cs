using System.Text.Json;

namespace Olha.Package.Tests;

/// <summary>The Dockerfile at the root, read as far as its last stage's rules go.</summary>
internal sealed class ImageFile
{
    readonly List<(string Word, string Text)> _lines;

    public ImageFile(string text) => _lines = [.. Instructions(text)];

    /// <summary>The stages by name, in order; the last one needs none.</summary>
    public IReadOnlyList<string> Stages => [.. All("FROM").Select(rest => rest.Split(" AS ") is [_, var name] ? name : "")];

    public IEnumerable<string> All(string word) => _lines.Where(line => line.Word == word).Select(line => line.Text);

    /// <summary>The rest of each such line of the last stage.</summary>
    public IReadOnlyList<string> Last(string word) =>
        [.. _lines[(_lines.FindLastIndex(line => line.Word == "FROM") + 1)..].Where(line => line.Word == word).Select(line => line.Text)];

    /// <summary>What ENV sets in the last stage.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        Last("ENV").SelectMany(rest => rest.Split(' ')).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>A command in its exec form: without a shell, which the image lacks.</summary>
    /// <exception cref="JsonException">It is in the shell form.</exception>
    public static string[] Command(string rest) =>
        JsonSerializer.Deserialize<string[]>(rest[rest.IndexOf('[', StringComparison.Ordinal)..])!;

    static IEnumerable<(string, string)> Instructions(string text)
    {
        var lines = text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
        foreach (var line in lines)
            yield return line.Split(' ', 2) is [var word, var rest] ? (word, rest.Trim()) : throw new FormatException($"No instruction: {line}");
    }
}
