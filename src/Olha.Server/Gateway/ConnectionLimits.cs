using System.Collections.Concurrent;
using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Gateway;

/// <summary>How many sockets may be open, for one person and for all.</summary>
internal sealed class ConnectionLimits(ServerOptions options)
{
    readonly ConcurrentDictionary<long, int> _perUser = new();
    int _all;

    /// <summary>People who have a socket open on this node.</summary>
    public int People => _perUser.Count;

    /// <summary>Counts a socket in; null: it may stay, and is counted out by <see cref="Leave"/>. One that may not is not counted.</summary>
    public CloseCode? Enter(long userId)
    {
        var all = Interlocked.Increment(ref _all);
        var own = _perUser.AddOrUpdate(userId, 1, static (_, n) => n + 1);
        CloseCode? refused = options.Connections > 0 && all > options.Connections ? CloseCode.Overloaded
            : options.ConnectionsPerUser > 0 && own > options.ConnectionsPerUser ? CloseCode.TooManyConnections
            : null;
        if (refused is not null) Leave(userId);
        return refused;
    }

    /// <summary>Counts a socket out.</summary>
    public void Leave(long userId)
    {
        Interlocked.Decrement(ref _all);
        _perUser.AddOrUpdate(userId, 0, static (_, n) => n - 1);
        _perUser.TryRemove(KeyValuePair.Create(userId, 0));
    }
}
