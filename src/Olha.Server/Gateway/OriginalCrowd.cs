using Olha.Fanout;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>Who is at the original's door, on any node, and the notices there of who came and went.</summary>
/// <remarks>
/// As presence is kept, in a set that expires: who was on a node that died has disconnected after fifteen seconds. Comings and goings are
/// gathered for a moment: a thousand who come at once are one line, not a million, and who came and went within the moment is no news.
/// While the other nodes are not heard, and for a moment after, nobody there is taken for gone.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed partial class OriginalCrowd(
    IBackplane backplane, Hub hub, Database db, PeopleDirectory people, TimeProvider clock, ILogger<OriginalCrowd> log) : BackgroundService
{
    const string Crowd = "original";
    const int NamedAtMost = 3;
    static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan s_keep = TimeSpan.FromSeconds(15);
    static readonly TimeSpan s_renew = TimeSpan.FromSeconds(5);

    /// <summary>How long the others have to tell again who is with them, when this node has not heard them for a while.</summary>
    static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    readonly Lock _gate = new();
    readonly Dictionary<long, int> _sockets = [];
    List<Caller> _moved = []; // who came or went here since the last look
    HashSet<long> _there = [];
    HashSet<long> _elsewhere = [];
    DateTimeOffset _renewAt;
    DateTimeOffset _settledAt;
    bool _hasHeard = backplane.Hearing is Hearing.Alone;

    /// <summary>A socket of somebody's came (1) or went (-1).</summary>
    public void Move(Caller caller, int by)
    {
        lock (_gate)
        {
            var sockets = _sockets.GetValueOrDefault(caller.UserId) + by;
            if (sockets == 0) _sockets.Remove(caller.UserId);
            else _sockets[caller.UserId] = sockets;
            if (sockets == 0 || (sockets == 1 && by > 0)) _moved.Add(caller);
        }
    }

    /// <summary>The last have gone by then: the other nodes hear of it at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (backplane.Hearing is Hearing.Live) await LookAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(backplane.Hearing is Hearing.Alone ? s_gather : s_gather * 2, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception cause) when (!stoppingToken.IsCancellationRequested)
            {
                MovesUntold(cause);
            }
        }
    }

    async Task LookAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var renews = now >= _renewAt;
        List<Caller> moved;
        HashSet<long> here;
        lock (_gate)
        {
            if (_moved.Count == 0 && !renews && backplane.Hearing is Hearing.Alone) return;
            (moved, _moved) = (_moved, []);
            here = [.. _sockets.Keys];
        }
        if (renews) _renewAt = now + s_renew;
        foreach (var userId in renews ? here.Union(moved.Select(static it => it.UserId)) : moved.Select(static it => it.UserId))
            await backplane.KeepAsync(Crowd, userId, here.Contains(userId) ? s_keep : TimeSpan.Zero);

        var there = await ThereAsync(here, now);
        if (there.SetEquals(_there)) return;
        var names = new Dictionary<long, string>();
        foreach (var caller in moved) names[caller.UserId] = caller.Username;
        // Those of this node first, in the order in which they came.
        var came = names.Keys.Concat(there).Distinct().Where(it => there.Contains(it) && !_there.Contains(it)).ToList();
        var went = names.Keys.Concat(_there).Distinct().Where(it => _there.Contains(it) && !there.Contains(it)).ToList();
        _there = there;
        if (!hub.Has(Topics.Original)) return;
        if (came.Count > 0) hub.Send(OriginalFrames.Notification($"{await NamesAsync(came, names, ct)} connected.", now));
        if (went.Count > 0) hub.Send(OriginalFrames.Notification($"{await NamesAsync(went, names, ct)} disconnected.", now));
    }

    async ValueTask<HashSet<long>> ThereAsync(HashSet<long> here, DateTimeOffset now)
    {
        var there = new HashSet<long>();
        await backplane.MembersAsync(Crowd, there);
        if (backplane.Hearing is Hearing.Deaf) _settledAt = now + s_settle;
        if (now < _settledAt) there.UnionWith(_elsewhere);
        _elsewhere = [.. there.Except(here)];
        // Who was there before this node heard of anybody is no news.
        if (!_hasHeard) _there.UnionWith(_elsewhere);
        _hasHeard |= backplane.Hearing is Hearing.Live;
        return there;
    }

    async ValueTask<string> NamesAsync(List<long> who, Dictionary<long, string> known, CancellationToken ct)
    {
        var names = new List<string>(NamedAtMost);
        foreach (var userId in who.Take(NamedAtMost))
            names.Add(known.GetValueOrDefault(userId) ?? (await db.ReadAsync(session => people.FindAsync(session, userId), ct))?.Username ?? "Somebody");
        return who.Count switch
        {
            1 => names[0],
            <= NamedAtMost => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
            _ => $"{string.Join(", ", names)} and {who.Count - NamedAtMost} more",
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who came and went at the original's door could not be told")]
    partial void MovesUntold(Exception cause);
}
