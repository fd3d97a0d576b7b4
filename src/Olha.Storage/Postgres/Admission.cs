namespace Olha.Storage.Postgres;

/// <summary>Counts the units under way: refuses one too many, and knows when the last has left.</summary>
internal sealed class Admission(int capacity)
{
    readonly Lock _gate = new();
    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _inside;
    bool _closed;

    /// <summary>How many are under way.</summary>
    public int Inside
    {
        get { lock (_gate) return _inside; }
    }

    public void Enter()
    {
        lock (_gate)
        {
            if (_closed) throw new DatabaseUnavailableException("The database is closing.");
            if (_inside == capacity) throw new DatabaseUnavailableException("The database is busy: too much is waiting already.");
            _inside++;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_inside == 0 && _closed) _empty.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more, and waits for those inside.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_inside == 0) _empty.TrySetResult();
            return _empty.Task;
        }
    }
}
