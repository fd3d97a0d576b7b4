using System.Collections.Concurrent;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Presence;

/// <summary>Who is connected, and who of them is away, on any node.</summary>
/// <remarks>
/// A connected person is a member of a set that expires: kept for 15 s and renewed every 5 s while a socket is open, so that those
/// of a node that died are gone in time, and for 5 s after the last one closed, so that a reload is no news. Who is active is kept beside it in the same way, and who is
/// connected but not active is away. The sets are compared once a second and what changed is told in one frame: ten thousand
/// who come at once cost a frame a second, not ten thousand frames.
/// </remarks>
internal sealed class PresenceBoard(IBackplane backplane, Hub hub, LastSeen lastSeen, TimeProvider clock) : BackgroundService
{
    const string ConnectedSet = "presence";
    const string ActiveSet = "active";
    const int RenewEvery = 5; // ticks
    static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_keep = TimeSpan.FromSeconds(15);
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<long, Sockets> _sockets = new();
    volatile Connected _online = new([], []);
    // Kept from one comparison to the next: a second in which nobody comes or goes asks for no memory.
    HashSet<long> _now = [], _active = [];

    // One person's on this node.
    readonly record struct Sockets(int Open, int Active);

    // Everybody who comes is told the whole: encoded once, ten thousand who come at once do not each make a list of ten thousand.
    sealed class Connected(HashSet<long> people, HashSet<long> active)
    {
        readonly Lazy<Frame> _frame = new(() => FrameEncoder.Encode(new EverybodyOnline(people, [.. people.Where(it => !active.Contains(it))])));

        public HashSet<long> People => people;
        public Frame Frame => _frame.Value;

        public bool IsActive(long userId) => people.Contains(userId) && active.Contains(userId);
        public bool IsAway(long userId) => people.Contains(userId) && !active.Contains(userId);
        public bool Equals(HashSet<long> nowConnected, HashSet<long> nowActive) => nowConnected.SetEquals(people) && nowActive.SetEquals(active);
    }

    /// <summary>Who is connected, and who of them is away.</summary>
    public OnlineList Everybody
    {
        get
        {
            var online = _online;
            return new OnlineList(online.People, [.. online.People.Where(online.IsAway)]);
        }
    }

    /// <summary>Whether somebody is here.</summary>
    public PresenceState StateOf(long userId)
    {
        var online = _online;
        return online.IsActive(userId) ? PresenceState.Online : online.IsAway(userId) ? PresenceState.Away : PresenceState.Offline;
    }

    /// <summary>Who is connected, for somebody who has just come: the same frame for all, and themselves when they are not in it yet.</summary>
    public (Frame Everybody, Frame? Oneself) ToldTo(long userId)
    {
        var online = _online;
        return (online.Frame, online.IsActive(userId) ? null : FrameEncoder.Encode(new PresenceChange([userId], [], [])));
    }

    /// <summary>A socket opened. It is active until it says otherwise.</summary>
    public async ValueTask CameAsync(long userId)
    {
        var now = _sockets.AddOrUpdate(userId, new Sockets(1, 1), static (_, it) => new(it.Open + 1, it.Active + 1));
        // In this order, and compared in it too: nobody is away for the moment in between.
        if (now.Active == 1) await KeepAsync(ActiveSet, userId, s_keep);
        if (now.Open == 1) await KeepAsync(ConnectedSet, userId, s_keep);
    }

    /// <summary>The person turned to one of their sockets, or away from it.</summary>
    public async ValueTask TurnedAsync(long userId, bool active)
    {
        var now = Count(userId, 0, active ? 1 : -1);
        if (active && now.Active == 1) await KeepAsync(ActiveSet, userId, s_keep);
        if (active || now.Active > 0) return;
        await KeepAsync(ActiveSet, userId, TimeSpan.Zero);
        if (_sockets.TryGetValue(userId, out var meanwhile) && meanwhile.Active > 0) await KeepAsync(ActiveSet, userId, s_keep);
    }

    /// <summary>A socket closed.</summary>
    /// <param name="userId">Whose it was.</param>
    /// <param name="active">Whether it was active.</param>
    public async ValueTask WentAsync(long userId, bool active)
    {
        var left = Count(userId, -1, active ? -1 : 0);
        var (last, lastActive) = (left.Open <= 0, active && left.Active <= 0);
        if (last)
        {
            _sockets.TryRemove(KeyValuePair.Create(userId, left));
            lastSeen.Note(userId);
            await KeepAsync(ConnectedSet, userId, s_grace);
        }
        if (lastActive) await KeepAsync(ActiveSet, userId, s_grace);
        if ((last || lastActive) && _sockets.TryGetValue(userId, out var meanwhile)) // came back while we said goodbye
        {
            if (lastActive && meanwhile.Active > 0) await KeepAsync(ActiveSet, userId, s_keep);
            if (last) await KeepAsync(ConnectedSet, userId, s_keep);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_tick, clock);
        for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); tick++)
        {
            await RenewAsync(tick % RenewEvery);
            await CompareAsync();
        }
    }

    /// <summary>The last goodbyes are said by then: the other nodes hear of them at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (backplane.Hearing is Hearing.Live) await CompareAsync();
    }

    Sockets Count(long userId, int open, int active) => _sockets.AddOrUpdate(
        userId, static (_, _) => default, static (_, it, by) => new(it.Open + by.open, it.Active + by.active), (open, active));

    // With every tick some of them: ten thousand together would keep Redis from everything else for a while.
    async ValueTask RenewAsync(int turn)
    {
        foreach (var (userId, sockets) in _sockets)
        {
            if (userId % RenewEvery != turn) continue;
            if (sockets.Active > 0) await KeepAsync(ActiveSet, userId, s_keep);
            await KeepAsync(ConnectedSet, userId, s_keep);
        }
    }

    async ValueTask CompareAsync()
    {
        _active.Clear();
        _now.Clear();
        await backplane.MembersAsync(ActiveSet, _active);
        await backplane.MembersAsync(ConnectedSet, _now);

        var before = _online;
        if (before.Equals(_now, _active)) return;
        var now = new Connected(_now, _active);
        (_now, _active) = (new HashSet<long>(now.People.Count), new HashSet<long>(now.People.Count));
        _online = now;

        // Each node compares for itself, so this goes to its own sockets only.
        var change = new PresenceChange(
            [.. now.People.Where(it => now.IsActive(it) && !before.IsActive(it))],
            [.. before.People.Where(it => !now.People.Contains(it))],
            [.. now.People.Where(it => now.IsAway(it) && !before.IsAway(it))]);
        if (change is { Online.Count: 0, Offline.Count: 0, Away.Count: 0 }) return;
        NoteGone(change.Offline);
        hub.Send(FrameEncoder.Encode(change) with { Topic = Topics.Server, Ephemeral = true });
    }

    // Who was on a node that died has nobody else to write down when that was. What their own node notes is later, and stands.
    void NoteGone(IEnumerable<long> offline)
    {
        if (backplane.Hearing is not Hearing.Live) return;
        foreach (var userId in offline) lastSeen.Note(userId, s_keep);
    }

    ValueTask KeepAsync(string set, long userId, TimeSpan time) => backplane.KeepAsync(set, userId, time);
}
