using System.Diagnostics;

namespace Olha.Package.Tests;

/// <summary>Commands of the system, run to their end.</summary>
internal static class Shell
{
    /// <summary>What it wrote to standard output, without the last line's end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var (code, said, complaint) = await TryAsync(program, arguments);
        return code == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {code}\n{said}\n{complaint}");
    }

    public static async Task<(int Code, string Said, string Complaint)> TryAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var complaint = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said.TrimEnd(), (await complaint).TrimEnd());
    }
}
