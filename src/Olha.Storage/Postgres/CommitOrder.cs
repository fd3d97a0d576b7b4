namespace Olha.Storage.Postgres;

/// <summary>Lets announcements run in the order of commits, as SQLite's single writer does.</summary>
/// <remarks>
/// A place is taken before COMMIT is sent. Of two units that lock the same row the second gets it after the first one's
/// commit, so it takes its place later; units that share no row may stand either way. An announcement waits for those in
/// front, committed or failed. Lock: held for queue operations only, nothing is called while it is held.
/// </remarks>
internal sealed class CommitOrder
{
    readonly Lock _gate = new();
    readonly Queue<Place> _places = new();
    bool _running;

    public Place Enter()
    {
        var place = new Place();
        lock (_gate) _places.Enqueue(place);
        return place;
    }

    /// <summary>Runs what the commit is to announce once it is this place's turn; null when there was no commit.</summary>
    public Task LeaveAsync(Place place, Action? announce)
    {
        lock (_gate)
        {
            place.Announce = announce;
            place.Left = true;
            if (_running) return place.Announced.Task;
            _running = true;
        }

        while (Next() is { } next)
        {
            next.Announce?.Invoke();
            next.Announced.SetResult();
        }

        return place.Announced.Task;
    }

    Place? Next()
    {
        lock (_gate)
        {
            if (_places.TryPeek(out var first) && first.Left) return _places.Dequeue();
            _running = false;
            return null;
        }
    }

    internal sealed class Place
    {
        public TaskCompletionSource Announced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Action? Announce { get; set; }
        public bool Left { get; set; }
    }
}
