using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Olha.Storage.Sqlite;

/// <summary>Files that must outlive a power cut.</summary>
internal static partial class DurableFile
{
    const int ReadOnly = 0;

    /// <summary>Gives a complete file its name; content and name are on the disk afterwards.</summary>
    public static void Move(string from, string to)
    {
        using (var file = new FileStream(from, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
        Rename(from, to, overwrite: false);
    }

    /// <summary>The same for content that is on the disk already.</summary>
    public static void Rename(string from, string to, bool overwrite)
    {
        File.Move(from, to, overwrite);
        if (!OperatingSystem.IsWindows()) SyncFolder(Path.GetDirectoryName(to)!);
    }

    /// <summary>Gives a file a second name, or where the file system knows no such thing copies it; it is on the disk afterwards.</summary>
    public static void Link(string from, string to)
    {
        if (OperatingSystem.IsWindows() || LinkNames(from, to) != 0)
        {
            File.Copy(from, to);
            using var copy = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
            copy.Flush(flushToDisk: true);
        }
        if (!OperatingSystem.IsWindows()) SyncFolder(Path.GetDirectoryName(to)!);
    }

    // The runtime opens no folders.
    static void SyncFolder(string folder)
    {
        using var handle = new SafeFileHandle(Open(folder, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid || Sync(handle) != 0) throw new IOException($"{folder} can't be synced.", new Win32Exception());
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkNames(string from, string to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);
}
