namespace Olha.Storage.Sqlite;

/// <summary>SQLite's law for units of work: they own their thread's connection and are done when they return.</summary>
internal static class Synchronously
{
    public static T Result<T>(ValueTask<T> work)
    {
        if (work.IsCompleted) return work.GetAwaiter().GetResult();
        // What it still does fails on its ended session; nobody else would look at that.
        _ = work.AsTask().ContinueWith(static late => _ = late.Exception, CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        throw new InvalidOperationException(
            "A unit of work on SQLite awaited something other than its session. Nothing of it is stored.");
    }
}
