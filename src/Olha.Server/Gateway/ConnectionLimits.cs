using System.Collections.Concurrent;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>How many sockets may be open: for one person on all nodes together, for all on each node.</summary>
/// <remarks>
/// A node tells the others how many one person holds on it, when that changes and every five seconds; what was not said again for twelve is
/// over, as of a node that died. A tenth of the limit each node keeps to itself: who holds one or two sockets, as nearly everybody
/// does, costs no hint.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed class ConnectionLimits : BackgroundService
{
    static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_believed = TimeSpan.FromSeconds(12);

    readonly ServerOptions _options;
    readonly SharedLimits _shared;
    readonly TimeProvider _clock;
    readonly int _toldFrom;
    readonly ConcurrentDictionary<long, int> _perUser = new();
    readonly Lock _gate = new();
    readonly Dictionary<(long UserId, long Node), (int Count, long SaidAt)> _elsewhere = [];
    readonly Dictionary<long, int> _elsewhereOf = []; // the sums of it
    int _all;

    public ConnectionLimits(ServerOptions options, SharedLimits shared, TimeProvider clock)
    {
        (_options, _shared, _clock) = (options, shared, clock);
        _toldFrom = options.ConnectionsPerUser / 10 + 1;
        shared.Listen(Limit.Sockets, Hear);
    }

    /// <summary>People who have a socket open on this node.</summary>
    public int People => _perUser.Count;

    /// <summary>Counts a socket in; null: it may stay, and is counted out by <see cref="Leave"/>. One that may not is not counted.</summary>
    public CloseCode? Enter(long userId)
    {
        var all = Interlocked.Increment(ref _all);
        var own = _perUser.AddOrUpdate(userId, 1, static (_, n) => n + 1);
        CloseCode? refused = _options.Connections > 0 && all > _options.Connections ? CloseCode.Overloaded
            : _options.ConnectionsPerUser > 0 && own + ElsewhereOf(userId) > _options.ConnectionsPerUser ? CloseCode.TooManyConnections
            : null;
        if (refused is not null) CountOut(userId);
        else if (own >= _toldFrom) Tell(userId);
        return refused;
    }

    /// <summary>Counts a socket out.</summary>
    public void Leave(long userId)
    {
        if (CountOut(userId) >= _toldFrom - 1) Tell(userId);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_shared.AreShared || _options.ConnectionsPerUser <= 0) return;
        using var timer = new PeriodicTimer(s_again, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            foreach (var (userId, own) in _perUser)
                if (own >= _toldFrom) Tell(userId);
            Forget();
        }
    }

    int CountOut(long userId)
    {
        Interlocked.Decrement(ref _all);
        var left = _perUser.AddOrUpdate(userId, 0, static (_, n) => n - 1);
        _perUser.TryRemove(KeyValuePair.Create(userId, 0));
        return left;
    }

    void Tell(long userId)
    {
        if (_options.ConnectionsPerUser <= 0) return;
        var own = _perUser.GetValueOrDefault(userId);
        _shared.Spend(Limit.Sockets, userId, own >= _toldFrom ? own : 0);
    }

    int ElsewhereOf(long userId)
    {
        lock (_gate) return _elsewhereOf.GetValueOrDefault(userId);
    }

    void Hear(long node, long userId, int count)
    {
        lock (_gate) Set(userId, node, Math.Max(0, count));
    }

    void Forget()
    {
        lock (_gate)
        {
            foreach (var ((userId, node), (_, saidAt)) in _elsewhere.ToArray())
                if (_clock.GetElapsedTime(saidAt) > s_believed) Set(userId, node, 0);
        }
    }

    void Set(long userId, long node, int count)
    {
        var before = _elsewhere.GetValueOrDefault((userId, node)).Count;
        if (count > 0) _elsewhere[(userId, node)] = (count, _clock.GetTimestamp());
        else _elsewhere.Remove((userId, node));
        var sum = _elsewhereOf.GetValueOrDefault(userId) + count - before;
        if (sum > 0) _elsewhereOf[userId] = sum;
        else _elsewhereOf.Remove(userId);
    }
}
