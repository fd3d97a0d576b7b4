using System.Text.RegularExpressions;
using Olha.Testing;

namespace Olha.House.Tests;

/// <summary>What the pages lead to is there: files, headings, and the names in the code that the tour points at.</summary>
public sealed partial class PageTests
{
    static readonly string[] s_pages =
    [
        .. from folder in (string[])["", ".github", "docs", "docs/decisions", "bench"]
           from file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md")
           select Path.GetRelativePath(Repository.Root, file),
    ];

    public static TheoryData<string> Pages => [.. s_pages];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_leads_to_what_is_there(string page) => Assert.Empty(Broken(Repository.Root, page));

    [Fact]
    public void Every_page_under_docs_is_led_to()
    {
        var targets = s_pages.SelectMany(page => Link().Matches(Repository.Read(page))).Select(link => Path.GetFileName(link.Groups[2].Value.Split('#')[0]));

        Assert.Empty(s_pages.Where(page => Path.GetDirectoryName(page) == "docs").Select(page => Path.GetFileName(page)).Except(targets));
    }

    [Theory]
    [InlineData("[a page](docs/other.md)", null)]
    [InlineData("[a heading](docs/other.md#what-is-there-2)", null)]
    [InlineData("[elsewhere](https://example.org/nothing)", null)]
    [InlineData("`[not](a/link.md)`", null)]
    [InlineData("[`Post.RunAsync`](src/Post.cs)", null)]
    [InlineData("`src/Post.cs`", null)]
    [InlineData("[a page](docs/gone.md)", "docs/gone.md")]
    [InlineData("[a heading](docs/other.md#gone)", "docs/other.md#gone")]
    [InlineData("[`Post.Walk`](src/Post.cs)", "Post.Walk in src/Post.cs")]
    [InlineData("`src/Gone.cs`", "src/Gone.cs")]
    public void What_leads_nowhere_is_found(string text, string? broken)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["docs"]);
        Directory.CreateDirectory(folder["src"]);
        File.WriteAllText(folder["docs/other.md"], "# Other\n\n## What is *there*, 2\n");
        File.WriteAllText(folder["src/Post.cs"], "class Post { void RunAsync() { } }");
        File.WriteAllText(folder["page.md"], $"See {text}.\n");

        Assert.Equal(broken is null ? [] : [broken], Broken(folder.Path, "page.md"));
    }

    static IEnumerable<string> Broken(string root, string page)
    {
        var text = Fence().Replace(File.ReadAllText(Path.Combine(root, page)), "");
        var beside = Path.GetDirectoryName(Path.Combine(root, page))!;
        foreach (Match path in Named().Matches(text))
            if (!Path.Exists(Path.Combine(root, path.Groups[1].Value)) && !Path.Exists(Path.Combine(beside, path.Groups[1].Value)))
                yield return path.Groups[1].Value;
        foreach (Match link in Link().Matches(Code().Replace(text, match => match.Value.StartsWith("[`", StringComparison.Ordinal) ? match.Value : "")))
        {
            var (label, target) = (link.Groups[1].Value, link.Groups[2].Value);
            if (target.Contains(':')) continue;
            var (path, heading) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
            var file = path == "" ? Path.Combine(root, page) : Path.Combine(beside, path);
            if (!Path.Exists(file) || (heading is not null && !Headings(file).Contains(heading))) yield return target;
            else if (label is ['`', .., '`'] && IsSource(file) && !Tells(file, label.Trim('`'))) yield return $"{label.Trim('`')} in {target}";
        }
    }

    static bool IsSource(string file) => Path.GetExtension(file) is ".cs" or ".ts" or ".svelte";

    // A file is of that name, or the last part of the name stands in it.
    static bool Tells(string file, string name) =>
        Path.GetFileName(file) == name || Path.GetFileNameWithoutExtension(file) == name ||
        Regex.IsMatch(File.ReadAllText(file), $@"\b{Regex.Escape(name.Split('.')[^1])}\b");

    // As GitHub makes addresses of them.
    static IEnumerable<string> Headings(string file) =>
        from line in File.ReadLines(file)
        where line.StartsWith('#')
        select NotInAddress().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[`[^`\n]*`\]|`[^`\n]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|web|tests|script|docs|deploy|bench|\.github)/[\w./@()\[\]=+-]+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAddress();
}
