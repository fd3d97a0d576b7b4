namespace Olha.Storage.Sqlite;

/// <summary>One running program a database file. The kernel lets go of the claim when the process ends, however it ends; the
/// lock file itself stays and means nothing.</summary>
internal sealed class FileClaim : IDisposable
{
    const int WouldBlock = 11; // EAGAIN, which the runtime hands on as it is

    readonly FileStream _lock;

    FileClaim(FileStream held) => _lock = held;

    /// <summary>Claims the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="make">Whether it is made, for its owner's eyes only, when there is none yet.</param>
    public static FileClaim Take(string path, bool make = true)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            // Through a link it is the same file, so the same claim.
            var real = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
            var claim = new FileClaim(PrivateFile.Open($"{real}.lock", FileShare.None));
            // Not one that is there: closing it would drop the locks of whoever has it open in this process.
            if (make && !File.Exists(path)) PrivateFile.Open(path, FileShare.ReadWrite).Dispose();
            return claim;
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            throw new DatabaseInUseException(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseRefusedException($"The database {path} can't be opened: {exception.Message}", exception);
        }
    }

    public void Dispose() => _lock.Dispose();
}
