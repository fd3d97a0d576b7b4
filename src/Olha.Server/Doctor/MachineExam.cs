using System.Globalization;
using System.Runtime.InteropServices;
using Olha.Server.Configuration;
using Olha.Storage.Inspecting;

namespace Olha.Server.Doctor;

/// <summary>The machine and the program: versions, the clock, how many files may be open.</summary>
internal static class MachineExam
{
    // Beside sockets: the database, the web app, the runtime (docs/operations.md).
    const long Others = 200;

    public static IEnumerable<Finding> Of(ServerOptions options, string program, TimeProvider clock)
    {
        var libc = SystemFacts.LibcVersion is { } version ? $", glibc {version}" : "";
        yield return Finding.Ok("versions", "program",
            $"olha {program}, .NET {Environment.Version}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}.");
        yield return Finding.Ok("versions", "system", $"{RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version}{libc}.");
        yield return Clock(options, clock.GetUtcNow());
        if (Limits(options) is { } finding) yield return finding;
    }

    static Finding Clock(ServerOptions options, DateTimeOffset now)
    {
        var program = Environment.ProcessPath is { } path && File.Exists(path) ? File.GetLastWriteTimeUtc(path) : DateTime.MinValue;
        var data = File.Exists(options.DbName) ? File.GetLastWriteTimeUtc(options.DbName) : DateTime.MinValue;
        var latest = program > data ? program : data;
        return latest > now.UtcDateTime.AddMinutes(1)
            ? Finding.Warning("clock", "behind", $"It is {now:u} by this machine's clock, and a file of the server was written at {latest:u}.",
                "Set the clock, and let it follow a time server (NTP).")
            : Finding.Ok("clock", "machine", $"It is {now:u} by this machine's clock.");
    }

    // Those of the server that runs, where it is seen: a shell's are others.
    static Finding? Limits(ServerOptions options)
    {
        var server = SystemFacts.HolderOf($"{Path.GetFullPath(options.DbName)}.lock");
        var whose = server is > 0 && SystemFacts.MayRead($"/proc/{server}/limits") ? $"{server}" : "self";
        if (OpenFiles($"/proc/{whose}/limits") is not { } most) return null;
        var text = $"{(whose == "self" ? "A program started from here" : "The server")} may have {most.ToString("N0", CultureInfo.InvariantCulture)} files and sockets open";
        return options.Connections > 0 && most < options.Connections + Others
            ? Finding.Warning("limits", "files", $"{text}, LIMIT_CONNECTIONS lets in {options.Connections:N0}.",
                "Raise it (LimitNOFILE= of the service, ulimit -n in a shell), or lower LIMIT_CONNECTIONS.")
            : Finding.Ok("limits", "files", $"{text}.");
    }

    // Max open files            1024                 524288               files
    static long? OpenFiles(string path)
    {
        try
        {
            var line = File.ReadLines(path).FirstOrDefault(static it => it.StartsWith("Max open files", StringComparison.Ordinal));
            var hard = line?[14..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            return hard is null ? null : long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : long.MaxValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
