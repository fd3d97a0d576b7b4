using System.Runtime.InteropServices;

namespace Olha.Storage.Backups;

/// <summary>Long work of the processor that gives way to whoever serves people: on a thread of its own, at a lower priority where there is one to set.</summary>
internal static partial class LowPriority
{
    const int OfThread = 0; // PRIO_PROCESS: on Linux, with 0 behind it, the thread that calls
    const int Lower = 10;

    /// <summary>What it returns or throws is that of <paramref name="work"/>.</summary>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var task = new Task<T>(() =>
        {
            // Nothing depends on it, and the thread ends with its work: whoever has lowered itself may not rise again.
            if (OperatingSystem.IsLinux()) _ = SetPriority(OfThread, 0, Lower);
            return work();
        });
        new Thread(() => task.RunSynchronously(TaskScheduler.Default)) { IsBackground = true, Name = "olha backup" }.Start();
        return task;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
