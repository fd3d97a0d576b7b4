using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Posts that follow one another, as nearly all units of work do: who may post where is read once, and a room's heads are
/// counted here and written once a commit.</summary>
/// <remarks>Hot path, on the database's writer thread. Whatever else is written ends it: it knows nothing that has changed.</remarks>
internal sealed class PostRun(RoomStore rooms) : IShared
{
    /// <summary>Beyond so many it begins afresh: a bound for memory, not for speed.</summary>
    const int MostKnown = 20_000;

    readonly Dictionary<(long UserId, long RoomId), Standing> _standings = [];
    readonly Dictionary<long, (long Seq, long Rev)> _heads = [];
    readonly HashSet<long> _unwritten = [];

    /// <summary>The next place in a room, for who may post there; it is free until <see cref="Taken"/>.</summary>
    public async ValueTask<(Standing Standing, long Seq, long Rev)> NextPlaceAsync(
        Transaction tx, StandingStore standings, long userId, long roomId)
    {
        if (!_standings.TryGetValue((userId, roomId), out var standing))
        {
            if (_standings.Count >= MostKnown) _standings.Clear();
            _standings[(userId, roomId)] = standing = await standings.StandingOf(tx, userId, roomId);
        }
        if (standing.Room is not { } room) return (standing, 0, 0);
        // The row's own heads are true until the first post of this run.
        var (seq, rev) = _heads.TryGetValue(roomId, out var heads) ? heads : (room.LastSeq, room.LastRev);
        return (standing, seq + 1, rev + 1);
    }

    /// <summary>A message was stored at this place.</summary>
    public void Taken(long roomId, long seq, long rev)
    {
        _heads[roomId] = (seq, rev);
        _unwritten.Add(roomId);
    }

    /// <summary>Somebody spoke in a room in slow mode: who waits is known here, too.</summary>
    public void Spoke(long userId, long roomId, DateTimeOffset at)
    {
        if (_standings.TryGetValue((userId, roomId), out var standing)) _standings[(userId, roomId)] = standing with { PostedAt = at };
    }

    public async ValueTask SettleAsync(Transaction tx)
    {
        foreach (var roomId in _unwritten) await rooms.SetHeadsAsync(tx, roomId, _heads[roomId].Seq, _heads[roomId].Rev);
        _unwritten.Clear();
    }
}
