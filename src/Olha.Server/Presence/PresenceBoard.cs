using System.Collections.Concurrent;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Presence;

/// <summary>Who is connected, on any node.</summary>
/// <remarks>
/// A connected person is a member of a set that expires: kept for 45 s and renewed every 15 s while a socket is open, and
/// for 5 s after the last one closed, so that a reload is no news. The set is compared once a second and what changed is
/// told in one frame: ten thousand who come at once cost a frame a second, not ten thousand frames.
/// </remarks>
internal sealed class PresenceBoard(IBackplane backplane, Hub hub, TimeProvider clock) : BackgroundService
{
    const string Set = "presence";
    const int RenewEvery = 15; // ticks
    static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_keep = TimeSpan.FromSeconds(45);
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<long, int> _sockets = new();
    volatile Connected _online = new([]);
    HashSet<long> _now = []; // kept from one comparison to the next: a second in which nobody comes or goes asks for no memory

    // Everybody who comes is told the whole: encoded once, ten thousand who come at once do not each make a list of ten thousand.
    sealed class Connected(HashSet<long> people)
    {
        readonly Lazy<Frame> _frame = new(() => FrameEncoder.Encode(new EverybodyOnline(people)));

        public HashSet<long> People => people;
        public Frame Frame => _frame.Value;
    }

    /// <summary>Ids of the people who are connected.</summary>
    public IReadOnlyCollection<long> Online => _online.People;

    /// <summary>Who is connected, for somebody who has just come: the same frame for all, and themselves when they are not in it yet.</summary>
    public (Frame Everybody, Frame? Oneself) ToldTo(long userId)
    {
        var online = _online;
        return (online.Frame, online.People.Contains(userId) ? null : FrameEncoder.Encode(new PresenceChange([userId], [])));
    }

    /// <summary>A socket opened.</summary>
    public async ValueTask CameAsync(long userId)
    {
        if (_sockets.AddOrUpdate(userId, 1, static (_, n) => n + 1) == 1) await KeepAsync(userId, s_keep);
    }

    /// <summary>A socket closed.</summary>
    public async ValueTask WentAsync(long userId)
    {
        if (_sockets.AddOrUpdate(userId, 0, static (_, n) => n - 1) > 0) return;
        _sockets.TryRemove(KeyValuePair.Create(userId, 0));
        await KeepAsync(userId, s_grace);
        if (_sockets.ContainsKey(userId)) await KeepAsync(userId, s_keep); // came back while we said goodbye
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_tick, clock);
        for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); tick++)
        {
            if (tick % RenewEvery == 0)
                foreach (var (userId, _) in _sockets) await KeepAsync(userId, s_keep);
            await CompareAsync();
        }
    }

    async ValueTask CompareAsync()
    {
        _now.Clear();
        await backplane.MembersAsync(Set, _now);

        var before = _online.People;
        if (_now.SetEquals(before)) return;
        var now = _now;
        _now = new HashSet<long>(now.Count);
        _online = new(now);

        // Each node compares for itself, so this goes to its own sockets only.
        var change = new PresenceChange([.. now.Where(it => !before.Contains(it))], [.. before.Where(it => !now.Contains(it))]);
        hub.Send(FrameEncoder.Encode(change) with { Topic = Topics.Server, Ephemeral = true });
    }

    ValueTask KeepAsync(long userId, TimeSpan time) => backplane.KeepAsync(Set, userId, time);
}
