using Olha.Storage.Sqlite;

namespace Olha.Storage.Backups;

/// <summary>A file that is being made, beside the one that it will be: whoever dies leaves the target as it was. What a killed process
/// left is taken over by the next one that makes the same file.</summary>
/// <remarks>SQLite writes into it by its own descriptors. The one that is held here locks it for this process, makes it durable, and is
/// closed after them: closing one drops SQLite's locks on a file.</remarks>
internal sealed class PartialFile : IDisposable
{
    const int WouldBlock = 11; // EAGAIN

    readonly FileStream _claim;
    readonly string _target;
    bool _isPublished;

    PartialFile(string path, string target, FileStream claim) => (Path, _target, _claim) = (path, target, claim);

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <param name="target">The full path of the file to make.</param>
    /// <param name="ending">What its name has behind it meanwhile.</param>
    /// <exception cref="BackupRefusedException">Another process makes it, or it can't be made there.</exception>
    public static PartialFile Claim(string target, string ending = ".partial")
    {
        var path = target + ending;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            var claim = PrivateFile.Open(path, FileShare.None);
            var partial = new PartialFile(path, target, claim);
            // Whoever had it has given it its name between our opening it and our lock.
            if (!File.Exists(path))
            {
                partial._isPublished = true;
                partial.Dispose();
                throw Busy(target);
            }
            claim.SetLength(0);
            partial.DeleteLogs();
            return partial;
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            throw Busy(target, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupRefusedException(BackupObstacle.TargetUnwritable, $"{target} can't be written: {exception.Message}", exception);
        }
    }

    /// <summary>How much has been written.</summary>
    public long Length => new FileInfo(Path).Length;

    /// <summary>Brings what has been written to the disk. All at once at the end would keep the log of a running server, which has to be there before
    /// anything is acknowledged, waiting behind it.</summary>
    public void Settle() => _claim.Flush(flushToDisk: true);

    /// <summary>Gives the complete file its name. No SQLite connection may have it open.</summary>
    /// <exception cref="BackupRefusedException">A file of that name has come meanwhile.</exception>
    public void Publish(bool replace)
    {
        Settle();
        try
        {
            DurableFile.Rename(Path, _target, replace);
        }
        catch (IOException exception) when (!replace && File.Exists(_target))
        {
            throw Exists(_target, exception);
        }
        _isPublished = true;
    }

    public void Dispose()
    {
        if (!_isPublished)
        {
            DeleteLogs();
            File.Delete(Path);
        }
        _claim.Dispose();
    }

    public static BackupRefusedException Exists(string target, Exception? inner = null) =>
        new(BackupObstacle.TargetExists, $"{target} exists already.", inner);

    void DeleteLogs()
    {
        foreach (var ending in (string[])["-wal", "-shm", "-journal", ".lock"]) File.Delete(Path + ending);
    }

    static BackupRefusedException Busy(string target, Exception? inner = null) =>
        new(BackupObstacle.TargetBusy, $"Another process is writing {target} at this moment.", inner);
}
