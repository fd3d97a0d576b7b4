namespace Olha.Storage.Sqlite;

/// <summary>Units that wait for the writer, in the order in which they were handed in; bounded.</summary>
/// <remarks>Hot path: one Enqueue for each write, one TakeAll for each commit. The lock is held for a queue operation only
/// and is the last one taken by anybody; the writer is woken only when it sleeps.</remarks>
internal sealed class WriteQueue(int capacity)
{
    readonly object _gate = new();
    readonly Queue<WriteUnit> _units = new();
    bool _sleeping;
    int _enough = -1; // while the writer waits for company: so many units are enough
    bool _closed;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get { lock (_gate) return _units.Count; }
    }

    public void Enqueue(WriteUnit unit)
    {
        lock (_gate)
        {
            if (_closed) throw Closed();
            if (_units.Count >= capacity)
                throw new DatabaseUnavailableException("The database is busy: too much is waiting to be written.");
            _units.Enqueue(unit);
            if (_sleeping || _units.Count == _enough) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until there is something, and then for company; moves up to <paramref name="most"/> units.</summary>
    /// <returns>False when the queue is closed and empty.</returns>
    public bool TakeAll(List<WriteUnit> into, int most, CommitPacer pacer)
    {
        lock (_gate)
        {
            while (_units.Count == 0)
            {
                if (_closed) return false;
                _sleeping = true;
                Monitor.Wait(_gate);
                _sleeping = false;
            }

            while (_units.Count < most && !_closed && pacer.Wait() is { Ticks: > 0 } wait)
            {
                _enough = most;
                Monitor.Wait(_gate, Math.Max(1, (int)wait.TotalMilliseconds));
                _enough = -1;
            }

            Move(into, most);
            return true;
        }
    }

    /// <summary>What waits right now, when it has to be told that it waits in vain.</summary>
    public void TakeRest(List<WriteUnit> into)
    {
        lock (_gate) Move(into, int.MaxValue);
    }

    /// <summary>Takes no more; what waits is still done.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    public static DatabaseUnavailableException Closed() => new("The database is closing.");

    void Move(List<WriteUnit> into, int most)
    {
        for (var left = Math.Min(most, _units.Count); left > 0; left--) into.Add(_units.Dequeue());
    }
}
