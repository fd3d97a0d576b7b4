using System.Text.RegularExpressions;

namespace Olha.House.Tests;

/// <summary>What runs at GitHub can do no more than it must, and is what was looked at when it was written down. That the files are sound
/// otherwise is looked at by script/lint.</summary>
public sealed partial class WorkflowTests
{
    const string Sound = """
        permissions:
          contents: read
        jobs:
          one:
            runs-on: ubuntu-24.04
            timeout-minutes: 5
            steps:
              - uses: actions/checkout@0123456789012345678901234567890123456789 # v6.0.2
                with:
                  persist-credentials: false
              - run: echo ${{ matrix.suites }}
          two:
            uses: ./.github/workflows/ci.yml
        """;

    static readonly string[] s_files =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, ".github/workflows")).Select(file => Path.GetRelativePath(Repository.Root, file))];

    public static TheoryData<string> Files => [.. s_files];

    [Theory, MemberData(nameof(Files))]
    public void A_workflow_is_pinned_bounded_and_may_only_read(string path) => Assert.Empty(Wrong(Repository.Read(path)));

    [Fact]
    public void An_action_has_the_same_digest_everywhere() => Assert.Empty(
        from path in s_files
        from match in Uses().Matches(Repository.Read(path))
        group match.Groups[2].Value by match.Groups[1].Value into versions
        where versions.Distinct().Count() > 1
        select versions.Key);

    [Fact]
    public void What_is_sound_is_not_complained_of() => Assert.Empty(Wrong(Sound));

    [Theory]
    [InlineData("@0123456789012345678901234567890123456789 # v6.0.2", "@v6", "actions/checkout@v6 is not pinned by a digest with its version beside it")]
    [InlineData(" # v6.0.2", "", "actions/checkout@0123456789012345678901234567890123456789 is not pinned by a digest with its version beside it")]
    [InlineData("contents: read", "contents: write", "it may do more than read")]
    [InlineData("    timeout-minutes: 5\n", "", "one may run for hours")]
    [InlineData("persist-credentials: false", "fetch-depth: 0", "a checkout leaves its credentials behind")]
    [InlineData("matrix.suites", "github.head_ref", "github.head_ref is put into a shell's text")]
    public void What_is_not_is_found(string before, string after, string said) => Assert.Equal([said], Wrong(Sound.Replace(before, after)));

    [Fact]
    public void Every_suite_of_script_test_is_run()
    {
        var suites = Suites().Match(Repository.Read("script/test")).Groups[1].Value.Split(' ');
        var run = MatrixSuites().Matches(Repository.Read(".github/workflows/ci.yml")).SelectMany(match => match.Groups[1].Value.Split(' '));

        Assert.Equal(suites.Order(), run.Order());
    }

    static IEnumerable<string> Wrong(string workflow)
    {
        foreach (var use in AnyUse().Matches(workflow).Select(match => match.Groups[1].Value))
            if (!use.StartsWith("./", StringComparison.Ordinal) && !Uses().IsMatch($"uses: {use}"))
                yield return $"{use} is not pinned by a digest with its version beside it";
        if (!workflow.Contains("\npermissions:\n  contents: read\n\n", StringComparison.Ordinal) &&
            !workflow.StartsWith("permissions:\n  contents: read\njobs:", StringComparison.Ordinal)) yield return "it may do more than read";
        if (workflow.Contains("pull_request_target", StringComparison.Ordinal)) yield return "a stranger's change runs with rights of the repository";
        foreach (Match job in Job().Matches(workflow[workflow.IndexOf("\njobs:", StringComparison.Ordinal)..]))
            if (!job.Value.Contains("\n    timeout-minutes: ", StringComparison.Ordinal) && !job.Value.Contains("\n    uses: ./", StringComparison.Ordinal))
                yield return $"{job.Groups[1].Value} may run for hours";
        if (Regex.Count(workflow, "uses: actions/checkout@") != Regex.Count(workflow, @"\n +persist-credentials: false\n"))
            yield return "a checkout leaves its credentials behind";
        foreach (Match put in InShell().Matches(workflow))
            if (!put.Groups[1].Value.StartsWith("matrix.", StringComparison.Ordinal)) yield return $"{put.Groups[1].Value} is put into a shell's text";
    }

    [GeneratedRegex(@"uses: (\S+(?: # \S+)?)")]
    private static partial Regex AnyUse();

    [GeneratedRegex(@"uses: ([\w-]+/[\w/-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@"\n  (\w+):\n(?:    .*\n?|\n)+")]
    private static partial Regex Job();

    [GeneratedRegex(@"run: .*\$\{\{ *([\w.]+)")]
    private static partial Regex InShell();

    [GeneratedRegex(@"\nsuites=\((.+)\)")]
    private static partial Regex Suites();

    [GeneratedRegex(@"\n +suites: (.+)")]
    private static partial Regex MatrixSuites();
}
