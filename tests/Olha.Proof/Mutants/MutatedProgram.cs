using System.Diagnostics;

namespace Olha.Proof;

/// <summary>Builds the program that has all faults, once for each state of the source.</summary>
internal static class MutatedProgram
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    /// <summary>Builds it, unless it has been built from the same text before.</summary>
    /// <returns>How to start it; <see cref="MutatedSource.Variable"/> says with which fault.</returns>
    /// <exception cref="ProofException">The table does not fit the source, or what it makes of it can't be built.</exception>
    public static async Task<IReadOnlyList<string>> BuildAsync(IReadOnlyList<Mutant> mutants, CancellationToken ct)
    {
        var files = MutatedSource.Read(Programs.Root, mutants);
        var kept = Directory.CreateDirectory(Path.Combine(Programs.Root, "artifacts", "mutants")).FullName;
        var folder = Path.Combine(kept, MutatedSource.HashOf(files));
        if (!Directory.Exists(folder))
        {
            // Under another name until it is whole: whoever builds the same at the same time is no worse off.
            var building = $"{folder}.{Environment.ProcessId}";
            try
            {
                await WriteAsync(building, files, ct);
                await CompileAsync(building, ct);
                ForgetFormer(kept);
                if (!Directory.Exists(folder)) Directory.Move(building, folder);
            }
            finally
            {
                if (Directory.Exists(building)) Directory.Delete(building, recursive: true);
            }
        }
        return [Path.Combine(folder, "src", "Olha.Server", "bin", "Debug", "net10.0", "olha")];
    }

    static async Task WriteAsync(string folder, SortedDictionary<string, string> files, CancellationToken ct)
    {
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text, ct);
        }
    }

    // Faults need not be well written, and nothing that outlives the build may hold on to what it says.
    static async Task CompileAsync(string folder, CancellationToken ct)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet",
        [
            "build", Path.Combine(folder, "src", "Olha.Server"), "-c", "Debug", "-nologo", "-v", "quiet", "-nodeReuse:false", "-p:SkipWeb=true",
            "-p:UseSharedCompilation=false", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false",
            "-p:NuGetAudit=false", "-clp:ErrorsOnly",
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        })!;
        var said = Task.WhenAll(build.StandardOutput.ReadToEndAsync(ct), build.StandardError.ReadToEndAsync(ct));
        try
        {
            await build.WaitForExitAsync(ct).WaitAsync(s_patience, ct);
        }
        catch
        {
            build.Kill(entireProcessTree: true);
            throw;
        }
        if (build.ExitCode != 0) throw new ProofException($"The mutants can't be built: {string.Concat(await said)}");
    }

    // One that is being built by another process has a dot in its name, and stays.
    static void ForgetFormer(string kept)
    {
        foreach (var former in Directory.EnumerateDirectories(kept))
            if (!Path.GetFileName(former).Contains('.', StringComparison.Ordinal)) Directory.Delete(former, recursive: true);
    }
}
