using System.Diagnostics;

namespace Olha.Proof;

/// <summary>Starts the program under strace, which writes down all that it does to its files and says to its clients.</summary>
internal static class Recorder
{
    const string Calls =
        "openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,"
        + "unlink,unlinkat,rename,renameat,renameat2,link,linkat,mmap,sendfile,copy_file_range,sendto,sendmsg";

    /// <summary>The command to be put before the program.</summary>
    /// <param name="trace">Where to write.</param>
    /// <param name="more">Further options, as for the injection of errors.</param>
    /// <exception cref="ProofException">There is no strace here, or it may not trace.</exception>
    public static IReadOnlyList<string> Before(string trace, params IReadOnlyList<string> more)
    {
        if (!May.Value) throw new ProofException("strace is missing or may not trace here: script/setup test installs it; in a container it needs CAP_SYS_PTRACE.");
        return ["strace", "-f", "-qq", "-y", "-xx", "-s", "2097152", "-e", "signal=none", "-e", $"trace={Calls}", .. more, "-o", trace];
    }

    static readonly Lazy<bool> May = new(static () =>
    {
        try
        {
            using var strace = Process.Start(new ProcessStartInfo("strace", ["-qq", "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            strace.StandardError.ReadToEnd();
            strace.WaitForExit();
            return strace.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Sends a signal to the recorded program itself; strace then writes down the rest and ends as it did.</summary>
    public static async Task EndAsync(Node node, string signal)
    {
        var children = await File.ReadAllTextAsync($"/proc/{node.ProcessId}/task/{node.ProcessId}/children");
        using var kill = Process.Start("kill", [$"-{signal}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await kill.WaitForExitAsync();
        await node.EndedAsync();
    }
}
