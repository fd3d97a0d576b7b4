using System.ComponentModel;
using System.Diagnostics;

namespace Olha.Server.Tests.Commands;

/// <summary>The program on a disk that gets full on the way: from some write on all of them fail, to one file.</summary>
internal static class FullDisk
{
    /// <param name="house">Where it runs.</param>
    /// <param name="file">That file.</param>
    /// <param name="writes">So many writes to it find room.</param>
    /// <param name="arguments">What the program is asked to do.</param>
    public static async Task<(int Code, string Complaint)> RunAsync(MovingHouse house, string file, int writes, params string[] arguments)
    {
        var program = Environment.GetEnvironmentVariable("OLHA_TEST_BINARY") is { Length: > 0 } published
            ? published : Path.Combine(AppContext.BaseDirectory, "olha");
        var start = new ProcessStartInfo("strace",
            ["-f", "-qq", "-o", "/dev/null", "-P", file, "-e", "trace=pwrite64", "-e", $"inject=pwrite64:error=ENOSPC:when={writes + 1}+", program, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = house.Folder,
            Environment = { ["DB_NAME"] = house.Source, ["DATABASE_URL"] = "" },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("strace is not installed: script/setup test");
            throw;
        }
        using (process)
        {
            var ct = TestContext.Current.CancellationToken;
            var said = await Task.WhenAll(process.StandardError.ReadToEndAsync(ct), process.StandardOutput.ReadToEndAsync(ct));
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, said[0].TrimEnd());
        }
    }
}
