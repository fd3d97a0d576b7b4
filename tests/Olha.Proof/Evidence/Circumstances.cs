using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Olha.Proof;

/// <summary>What a part was run on.</summary>
internal static class Circumstances
{
    /// <summary>Taken at the beginning; <see cref="Ran.Seconds"/> is filled in at the end.</summary>
    /// <param name="program">The program under test.</param>
    /// <param name="databaseUrl">A PostgreSQL database's address; null: SQLite.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Ran> TakeAsync(IReadOnlyList<string> program, string? databaseUrl, CancellationToken ct) => new(
        await AskAsync("git", ["-c", $"safe.directory={Programs.Root}", "rev-parse", "--short=12", "HEAD"], ct) is { Length: > 0 } commit ? commit : "unknown",
        // Evidence that was written a moment ago changes nothing about what is proved.
        await AskAsync("git", ["-c", $"safe.directory={Programs.Root}", "status", "--porcelain", "--", ":!docs/evidence"], ct) is { Length: > 0 },
        await AskAsync(program[0], [.. program.Skip(1), "--version"], ct) is { Length: > 0 } version ? version : "unknown",
        // The file that is shipped stands alone; the one of a build has its libraries beside it.
        !File.Exists(Path.ChangeExtension(program[0], ".dll")) && program.Count == 1,
        databaseUrl is null ? $"SQLite {SqliteVersion()}" : $"PostgreSQL {await PostgresVersionAsync(databaseUrl, ct)}",
        Machine(), DateTimeOffset.UtcNow, 0, LoadAverage());

    /// <summary>One line.</summary>
    static string Machine()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30);
        var disk = new DriveInfo(Path.GetTempPath()).DriveFormat;
        return $"{Environment.ProcessorCount} cores of {cpu ?? "unknown make"}, {RuntimeInformation.ProcessArchitecture}, {memory} GiB, {disk}, Linux {Environment.OSVersion.Version}";
    }

    static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    // The one that the program has inside: both take it from the same package.
    static string SqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }

    static async Task<string> PostgresVersionAsync(string databaseUrl, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Databases.Settings(databaseUrl));
        await connection.OpenAsync(ct);
        return connection.PostgreSqlVersion.ToString();
    }

    static async Task<string> AskAsync(string program, IReadOnlyList<string> question, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, question)
            {
                WorkingDirectory = Programs.Root, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var complaint = process.StandardError.ReadToEndAsync(ct);
            var answer = await process.StandardOutput.ReadToEndAsync(ct);
            await complaint;
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? answer.Trim() : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ""; // no such program here
        }
    }
}
