namespace Olha.House.Tests;

/// <summary>Which part may use which, as a page draws it in a block <c>```arrows Name.Space</c> of lines <c>Part -> Others</c>.</summary>
internal sealed class Blueprint
{
    readonly Dictionary<string, HashSet<string>> _uses;

    Blueprint(Dictionary<string, HashSet<string>> uses) => _uses = uses;

    public static Blueprint Read(string page, string block)
    {
        var lines = page.Split('\n').SkipWhile(line => line.Trim() != $"```arrows {block}").Skip(1).TakeWhile(line => line.Trim() != "```");
        var uses = lines.Select(line => line.Split("->")).ToDictionary(
            sides => sides[0].Trim(),
            sides => sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet());
        Assert.NotEmpty(uses);
        Assert.All(uses.Values.SelectMany(others => others), other => Assert.Contains(other, uses.Keys));
        return new(uses);
    }

    public IReadOnlyCollection<string> Parts => _uses.Keys;

    /// <summary>Whether the arrow is drawn, directly or over others in between.</summary>
    public bool Allows(string from, string to) => from == to || Reach(from, []).Contains(to);

    HashSet<string> Reach(string from, HashSet<string> reached)
    {
        foreach (var other in _uses.GetValueOrDefault(from, []))
            if (reached.Add(other)) Reach(other, reached);
        return reached;
    }
}
