using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Olha.Storage.Sqlite;

/// <summary>Finds SQLite's code. The published program is one file and carries the library inside; in development it lies
/// beside the program, where the runtime finds it by itself.</summary>
internal static partial class SqliteLibrary
{
    /// <summary>Older ones can corrupt a write-ahead log: https://www.sqlite.org/wal.html#walresetbug</summary>
    const int Oldest = 3_051_003;

    const string Resource = "native.libe_sqlite3.so";
    const uint CloseOnExec = 1;

    static readonly Lock Gate = new();
    static bool s_loaded;

    public static void Load(Assembly program)
    {
        lock (Gate)
        {
            if (!s_loaded && program.GetManifestResourceInfo(Resource) is not null)
            {
                var library = LoadEmbedded(program);
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly,
                    (name, _, _) => name == "e_sqlite3" ? library : 0);
            }

            if (!s_loaded)
            {
                Batteries_V2.Init();
                LeaveOutLocks();
            }
            s_loaded = true;
        }

        if (raw.sqlite3_libversion_number() < Oldest)
            throw new DatabaseRefusedException(
                $"SQLite {raw.sqlite3_libversion().utf8_to_string()} can corrupt its write-ahead log; 3.51.3 or newer is needed.");
    }

    // Every connection here belongs to one thread at a time and nobody asks how much memory there is: SQLite need not lock
    // itself for either, which is a tenth of what a post costs. Refused, and without harm, when this process has used it already.
    static void LeaveOutLocks()
    {
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    static nint LoadEmbedded(Assembly program)
    {
        using var code = program.GetManifestResourceStream(Resource)!;
        // In memory nothing is left behind; the mapping outlives the descriptor.
        using var memory = new SafeFileHandle(CreateMemoryFile("libe_sqlite3.so", CloseOnExec), ownsHandle: true);
        if (!memory.IsInvalid)
        {
            using var file = new FileStream(memory, FileAccess.Write, bufferSize: 0);
            code.CopyTo(file);
            if (NativeLibrary.TryLoad($"/proc/self/fd/{memory.DangerousGetHandle()}", out var library)) return library;
            code.Position = 0;
        }

        // A kernel that forbids running memory files: a private folder, gone as soon as the code is mapped.
        var folder = Directory.CreateTempSubdirectory("olha-");
        try
        {
            var path = Path.Combine(folder.FullName, "libe_sqlite3.so");
            using (var file = File.Create(path)) code.CopyTo(file);
            return NativeLibrary.Load(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
