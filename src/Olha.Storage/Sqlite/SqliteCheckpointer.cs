using Microsoft.Extensions.Logging;

namespace Olha.Storage.Sqlite;

/// <summary>Copies the write-ahead log into the file beside the writer, so that no commit has to wait for it.</summary>
/// <remarks>A thread and a connection of its own. Woken every <see cref="Pages"/> pages (4 MiB, SQLite's own measure); a
/// checkpoint of that size takes tens of milliseconds, which the writer would otherwise spend inside a commit.</remarks>
internal sealed partial class SqliteCheckpointer
{
    const int Pages = 1000;

    readonly string _path;
    readonly ILogger _logger;
    readonly object _gate = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _written;
    bool _due;
    bool _stopping;

    public SqliteCheckpointer(string path, ILogger logger)
    {
        (_path, _logger) = (path, logger);
        new Thread(Run) { Name = "sqlite checkpoints", IsBackground = true }.Start();
    }

    /// <summary>Called by the writer after each commit.</summary>
    public void Written(int pages)
    {
        if ((_written += pages) < Pages) return;
        _written = 0;
        lock (_gate)
        {
            _due = true;
            Monitor.Pulse(_gate);
        }
    }

    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        return _ended.Task;
    }

    void Run()
    {
        SqliteLink? link = null;
        while (IsDue())
        {
            try
            {
                link ??= SqliteLink.ForCheckpoints(_path);
                link.Checkpoint();
            }
            catch (Exception exception)
            {
                // The writer does it itself when the log gets long.
                CheckpointFailed(_logger, exception);
            }
        }

        link?.Dispose();
        _ended.SetResult();
    }

    bool IsDue()
    {
        lock (_gate)
        {
            while (!_due && !_stopping) Monitor.Wait(_gate);
            _due = false;
            return !_stopping;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The write-ahead log could not be copied into the database")]
    private static partial void CheckpointFailed(ILogger logger, Exception exception);
}
