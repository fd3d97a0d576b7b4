using System.Diagnostics;

namespace Olha.Load;

/// <summary>Which source was measured.</summary>
internal static class Commit
{
    public static string Describe()
    {
        var commit = Ask("rev-parse", "--short", "HEAD");
        return commit.Length == 0 ? "unknown" : Ask("status", "--porcelain", "--untracked-files=no").Length == 0 ? commit : $"{commit} with changes";
    }

    static string Ask(params string[] question)
    {
        using var git = Process.Start(new ProcessStartInfo("git", question)
        {
            WorkingDirectory = Workbench.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var answer = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? answer : "";
    }
}
