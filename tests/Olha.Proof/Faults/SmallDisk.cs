using System.Diagnostics;

namespace Olha.Proof;

/// <summary>A disk that can be filled: in memory, or a real file system in a file.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    const int Megabytes = 64;

    readonly string _image;

    SmallDisk(string path) => (Path, _image) = (path, path + ".img");

    public string Path { get; }

    string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <param name="path">Where; made when missing.</param>
    /// <param name="real">True: ext4 on a loop device; false: tmpfs.</param>
    /// <exception cref="ProofException">This user may not mount here.</exception>
    public static async Task<SmallDisk> MountAsync(string path, bool real)
    {
        Directory.CreateDirectory(path);
        var disk = new SmallDisk(path);
        if (!real)
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "olha-proof", path);
            return disk;
        }
        await using (var image = File.Create(disk._image)) image.SetLength(Megabytes << 20);
        await RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", disk._image);
        await RunAsync("mount", "-o", "loop", disk._image, path);
        return disk;
    }

    /// <summary>Takes all room but so many bytes, and what the file system keeps for itself.</summary>
    public void Fill(long leave)
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 << 10];
        try
        {
            for (var room = new DriveInfo(Path).AvailableFreeSpace - leave; room > 0; room -= block.Length)
                ballast.Write(block.AsSpan(0, (int)Math.Min(block.Length, room)));
            ballast.Flush(flushToDisk: true);
        }
        catch (IOException) { } // full a little earlier
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        File.Delete(_image);
    }

    static async Task RunAsync(string program, params string[] arguments)
    {
        var sbin = $"/usr/sbin/{program}"; // not on everybody's path
        using var process = Process.Start(new ProcessStartInfo(File.Exists(sbin) ? sbin : program, arguments) { RedirectStandardError = true })!;
        var complaint = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new ProofException($"{program} {string.Join(' ', arguments)}: {complaint.Trim()}. It needs root, or CAP_SYS_ADMIN in a container.");
    }
}
