using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>One connection's lanes: its posts to a room keep the order in which they arrived. A room without a post under way
/// costs nothing.</summary>
internal sealed class Lanes
{
    readonly Lock _gate = new();
    readonly Dictionary<long, (Lane Lane, int UnderWay)> _byRoom = [];

    public Lane Enter(long roomId)
    {
        lock (_gate)
        {
            var (lane, underWay) = _byRoom.TryGetValue(roomId, out var held) ? held : (new Lane(), 0);
            _byRoom[roomId] = (lane, underWay + 1);
            return lane;
        }
    }

    public void Leave(long roomId)
    {
        lock (_gate)
        {
            var (lane, underWay) = _byRoom[roomId];
            if (underWay == 1) _byRoom.Remove(roomId);
            else _byRoom[roomId] = (lane, underWay - 1);
        }
    }
}
