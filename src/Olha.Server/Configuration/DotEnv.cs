namespace Olha.Server.Configuration;

/// <summary>The optional <c>.env</c> file: <c>NAME=value</c> lines, <c>#</c> comments, quotes around a value, <c>export</c> before a name.</summary>
internal static class DotEnv
{
    /// <summary>What the file sets; nothing when there is no file. A line that sets nothing is skipped.</summary>
    public static IReadOnlyDictionary<string, string> Load(string path) =>
        File.Exists(path) ? Parse(File.ReadLines(path)) : new Dictionary<string, string>();

    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> lines)
    {
        var variables = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.StartsWith("export ", StringComparison.Ordinal)) text = text[7..].TrimStart();
            var equals = text.IndexOf('=');
            if (equals > 0 && text[0] != '#') variables[text[..equals].TrimEnd()] = Value(text[(equals + 1)..].Trim());
        }

        return variables;
    }

    static string Value(string text)
    {
        if (text.Length > 0 && text[0] is '"' or '\'' && text.IndexOf(text[0], 1) is > 0 and var end) return text[1..end];
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
