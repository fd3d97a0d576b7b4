using System.Diagnostics;
using System.Text.RegularExpressions;
using Olha.Testing;

namespace Olha.House.Tests;

/// <summary>What a version brings is written in CHANGELOG.md, and script/release-notes takes it from there for the release of that version only.</summary>
public sealed partial class ReleaseNotesTests : IDisposable
{
    const string Changes = """
        # Changes

        ## [Unreleased]

        ### Added

        - Something to come.

        ## [1.2.0] - 2026-05-01

        Stop all
        nodes.

        ### Added

        - Stars, and
          what they mean.
        - Moons.

        ## [1.1.0] - 2026-04-01

        ## [1.0.0]

        - The first.

        """;

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_version_s_notes_are_its_section_a_line_each() =>
        Assert.Equal((0, "\nStop all nodes.\n\n### Added\n\n- Stars, and what they mean.\n- Moons.\n"), await NotesAsync("1.2.0", "v1.2.0"));

    [Theory]
    [InlineData("1.2.1", "v1.2.0", "the program is 1.2.1 (Directory.Build.props), not v1.2.0")]
    [InlineData("1.2.0", "1.2.0", "the program is 1.2.0 (Directory.Build.props), not 1.2.0")]
    [InlineData("1.3.0", "v1.3.0", "CHANGELOG.md has no section '## [1.3.0] - <date>'")]
    [InlineData("1.0.0", "v1.0.0", "CHANGELOG.md has no section '## [1.0.0] - <date>'")]
    [InlineData("1.1.0", "v1.1.0", "CHANGELOG.md says nothing of 1.1.0")]
    public async Task A_tag_that_is_no_release_is_refused(string version, string tag, string why) =>
        Assert.Equal((1, $"release-notes: {why}\n"), await NotesAsync(version, tag));

    [Fact]
    public void The_changelog_keeps_its_form()
    {
        var headings = Repository.Read("CHANGELOG.md").Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).ToList();
        var versions = headings[1..].Select(it => Version.Parse(Released().Match(it).Groups[1].Value)).ToList();

        Assert.Equal("## [Unreleased]", headings[0]);
        Assert.Equal(versions.OrderDescending(), versions);
        Assert.All(versions, version => Assert.True(version <= Program));
    }

    [Fact]
    public void A_version_that_is_not_released_yet_has_something_to_bring()
    {
        var changes = Repository.Read("CHANGELOG.md");

        Assert.True(changes.Contains($"\n## [{Program}] - ", StringComparison.Ordinal)
            || changes.Split("\n## [")[1].Contains("\n### ", StringComparison.Ordinal));
    }

    static Version Program { get; } = Version.Parse(Repository.Read("Directory.Build.props").Split("<Version>")[1].Split('<')[0]);

    async Task<(int Code, string Said)> NotesAsync(string version, string tag)
    {
        Directory.CreateDirectory(_folder["script"]);
        File.Copy(Path.Combine(Repository.Root, "script/release-notes"), _folder["script/release-notes"]);
        File.WriteAllText(_folder["Directory.Build.props"], $"<Project>\n    <Version>{version}</Version>\n</Project>\n");
        File.WriteAllText(_folder["CHANGELOG.md"], Changes);
        using var process = Process.Start(new ProcessStartInfo(_folder["script/release-notes"], [tag]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaint = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said + await complaint);
    }

    [GeneratedRegex(@"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$")]
    private static partial Regex Released();
}
