using System.Globalization;
using System.Runtime.InteropServices;

namespace Olha.Storage.Inspecting;

/// <summary>What the system says of a file.</summary>
/// <param name="Owner">The user's number.</param>
/// <param name="Mode">Who may do what with it.</param>
/// <param name="Place">Device and inode, as <c>/proc/locks</c> writes them.</param>
public sealed record FileFacts(uint Owner, UnixFileMode Mode, string Place);

/// <summary>What the runtime does not tell of the system.</summary>
public static partial class SystemFacts
{
    const int CurrentFolder = -100; // AT_FDCWD
    const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    const int Writable = 2; // W_OK
    const int Readable = 4; // R_OK

    /// <summary>The user that this process acts as; 0 is root.</summary>
    public static uint User => GetUser();

    /// <summary>The C library's version, or null: it is none of GNU's.</summary>
    public static string? LibcVersion
    {
        get
        {
            try { return Marshal.PtrToStringUTF8(GetLibcVersion()); }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException) { return null; }
        }
    }

    public static bool MayWrite(string path) => Access(path, Writable) == 0;

    public static bool MayRead(string path) => Access(path, Readable) == 0;

    /// <summary>A file's or folder's facts; null: there is none, or they are not told.</summary>
    public static FileFacts? Of(string path)
    {
        // struct statx: uid at 20, mode at 28, inode at 32, device at 136 and 140.
        Span<byte> stat = stackalloc byte[256];
        if (Stat(CurrentFolder, path, 0, BasicStats, stat) != 0) return null;
        var mode = (UnixFileMode)(MemoryMarshal.Read<ushort>(stat[28..]) & 0xfff);
        var (inode, major, minor) = (MemoryMarshal.Read<ulong>(stat[32..]), MemoryMarshal.Read<uint>(stat[136..]), MemoryMarshal.Read<uint>(stat[140..]));
        return new(MemoryMarshal.Read<uint>(stat[20..]), mode, $"{major:x2}:{minor:x2}:{inode}");
    }

    /// <summary>The process that has a lock on a file (<c>flock</c>), as the server has on the one beside its database; null: none, 0: one
    /// that is not seen from here.</summary>
    public static int? HolderOf(string path)
    {
        if (Of(path) is not { } facts || !File.Exists("/proc/locks")) return null;
        foreach (var line in File.ReadLines("/proc/locks"))
        {
            // 1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 5 && words[1] == "FLOCK" && words[5] == facts.Place)
                return Math.Max(0, int.Parse(words[4], CultureInfo.InvariantCulture));
        }
        return null;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUser();

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial nint GetLibcVersion();

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, Span<byte> stat);
}
