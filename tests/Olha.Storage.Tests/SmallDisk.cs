using System.Diagnostics;

namespace Olha.Storage.Tests;

/// <summary>A disk that can be filled: a small tmpfs.</summary>
internal sealed class SmallDisk : IDisposable
{
    SmallDisk(string path) => Path = path;

    public string Path { get; }

    string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Null when this user may not mount.</summary>
    public static SmallDisk? Mount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "olha-test", path) ? new(path) : null;
    }

    /// <summary>Takes all room but so many bytes.</summary>
    public void Fill(long leave)
    {
        using var ballast = File.Create(Ballast);
        ballast.Write(new byte[new DriveInfo(Path).AvailableFreeSpace - leave]);
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "--lazy", Path);

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
