using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>What was missed in a room, read once for those who come back together: a router that restarts cuts off thousands in the same
/// moment, and most of them held the same.</summary>
/// <remarks>
/// Nobody is told what their own snapshot does not hold. Every change of a room's stream moves its head, so what lies above a revision
/// is the same in all snapshots with the same head, and only those share. Nobody waits for another's read either: as many may read the
/// same at a time as are welcomed at a time.
/// A range is kept for a moment only, so that it needs no other bound.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed class SharedRanges : IDisposable
{
    static readonly TimeSpan s_kept = TimeSpan.FromMilliseconds(250);

    readonly RoomHistory _history;
    readonly ITimer _forget;
    readonly Lock _gate = new();
    Dictionary<long, Known> _known = [];

    public SharedRanges(RoomHistory history, TimeProvider clock)
    {
        _history = history;
        _forget = clock.CreateTimer(static it => ((SharedRanges)it!).Forget(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>As <see cref="RoomHistory.ChangesAsync"/>, up to <see cref="RoomHistory.MaxChanges"/>.</summary>
    public async ValueTask<ChangeRange> ChangesAsync(Session session, RoomRow room, long after)
    {
        if (Find(room, after) is { } known) return known.From(after);

        var range = await _history.ChangesAsync(session, room, after, RoomHistory.MaxChanges);
        if (range.Complete == room.LastRev) Keep(room, new Known(after, range));
        return range;
    }

    public void Dispose() => _forget.Dispose();

    Known? Find(RoomRow room, long after)
    {
        lock (_gate)
            return _known.TryGetValue(room.Id, out var known) && known.Range.Complete == room.LastRev && known.After <= after ? known : null;
    }

    // The newest, and of two up to the same revision the one that begins earlier: it holds the other.
    void Keep(RoomRow room, Known range)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(room.Id, out var known)
                && (known.Range.Complete, -known.After).CompareTo((range.Range.Complete, -range.After)) >= 0) return;
            if (_known.Count == 0) _forget.Change(s_kept, Timeout.InfiniteTimeSpan);
            _known[room.Id] = range;
        }
    }

    void Forget()
    {
        lock (_gate) _known = [];
    }

    /// <summary>All changes above a revision.</summary>
    sealed record Known(long After, ChangeRange Range)
    {
        public ChangeRange From(long after) =>
            after == After ? Range : Range with { Changes = [.. Range.Changes.Where(change => change.Rev > after)] };
    }
}
