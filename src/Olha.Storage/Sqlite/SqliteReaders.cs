namespace Olha.Storage.Sqlite;

/// <summary>A few connections that only read. A read that finds none free waits in a queue, not in a thread.</summary>
/// <remarks>
/// Hot path: every page, resume and state is one read. As many pool threads as there are connections work here at most, so
/// slow reads can't use up the pool; a thread that has finished one takes the next that waits.
/// The lock is held for list operations only and is the last one taken by anybody.
/// </remarks>
internal sealed class SqliteReaders(string path, int most, int capacity) : IThreadPoolWorkItem
{
    readonly Lock _gate = new();
    readonly Queue<ReadUnit> _waiting = new();
    readonly Stack<SqliteLink> _idle = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _working;
    bool _closed;

    public void Enqueue(ReadUnit unit)
    {
        lock (_gate)
        {
            if (_closed) throw WriteQueue.Closed();
            if (_waiting.Count >= capacity)
                throw new DatabaseUnavailableException("The database is busy: too much is waiting to be read.");
            _waiting.Enqueue(unit);
            if (_working == most) return;
            _working++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Finishes what waits, then closes the connections.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_working == 0) CloseAll();
        }

        return _ended.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        SqliteLink? link = null;
        while (Next(link) is { } unit)
        {
            try
            {
                link ??= Idle() ?? SqliteLink.ForReading(path);
            }
            catch (Exception exception)
            {
                unit.Fail(SqliteFailure.Translate(exception, atCommit: false));
                continue;
            }

            unit.Run(link);
            try
            {
                link.EndSnapshot();
            }
            catch (Exception)
            {
                // The answer stands. The next read opens another connection.
                link.Dispose();
                link = null;
            }

            unit.Complete();
        }
    }

    ReadUnit? Next(SqliteLink? link)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var unit)) return unit;
            if (link is not null) _idle.Push(link);
            if (--_working == 0 && _closed) CloseAll();
            return null;
        }
    }

    SqliteLink? Idle()
    {
        lock (_gate) return _idle.TryPop(out var link) ? link : null;
    }

    void CloseAll()
    {
        while (_idle.TryPop(out var link)) link.Dispose();
        _ended.TrySetResult();
    }
}
