namespace Olha.Fanout;

/// <summary>When connections are pinged and how long they may stay silent.</summary>
/// <param name="Interval">Between two pings of one connection.</param>
/// <param name="Timeout">From a ping to the latest moment of its answer.</param>
public sealed record HeartbeatTimes(TimeSpan Interval, TimeSpan Timeout);

/// <summary>Pings every connection in turn and closes those that do not answer.</summary>
/// <remarks>One loop for all: each tick visits one slice of the connections, so that pings are spread over the interval.
/// A connection costs an entry in a dictionary, not a timer.</remarks>
public sealed class Heartbeat(Hub hub, HeartbeatTimes times, TimeProvider clock)
{
    readonly Dictionary<Connection, Pulse> _pulses = [];

    struct Pulse
    {
        public long PingedAt;
        public long DueAt;
        public long Beat;
        public bool Waiting;
    }

    /// <summary>Makes the ping of one connection; told the beat since which moved heads are to be in it. Null: not to be pinged yet.</summary>
    public required Func<Connection, long, Frame?> Ping { get; init; }

    /// <summary>Closes a connection that has not answered.</summary>
    public required Action<Connection> Silent { get; init; }

    /// <summary>Beats until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var tick = TimeSpan.FromMilliseconds(Math.Clamp(times.Interval.TotalMilliseconds / 25, 20, 1000));
        using var timer = new PeriodicTimer(tick, clock);
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false)) Beat();
    }

    /// <summary>Looks at every connection once.</summary>
    public void Beat()
    {
        var now = clock.GetTimestamp();
        var beat = hub.NextBeat();
        var alive = new HashSet<Connection>();
        foreach (var connection in hub.Connections)
        {
            if (connection.IsClosing) continue;
            alive.Add(connection);
            Look(connection, now, beat);
        }
        foreach (var gone in _pulses.Keys.Where(it => !alive.Contains(it)).ToList()) _pulses.Remove(gone);
    }

    void Look(Connection connection, long now, long beat)
    {
        if (!_pulses.TryGetValue(connection, out var pulse))
        {
            // It was welcomed after the beat before last at the earliest: what moved since is told with the first ping.
            // The first ping comes at a random moment of the interval, so that a herd that came together is not pinged together.
            _pulses[connection] = new Pulse { DueAt = now + Ticks(times.Interval * Random.Shared.NextDouble()), Beat = beat - 2 };
            return;
        }
        if (pulse.Waiting && connection.LastHeard >= pulse.PingedAt) pulse.Waiting = false;

        if (pulse.Waiting)
        {
            if (clock.GetElapsedTime(pulse.PingedAt, now) > times.Timeout) Silent(connection);
        }
        else if (now >= pulse.DueAt && Ping(connection, pulse.Beat) is { } ping)
        {
            pulse = new Pulse { PingedAt = now, DueAt = now + Ticks(times.Interval), Beat = beat, Waiting = true };
            connection.Enqueue(ping);
        }
        _pulses[connection] = pulse;
    }

    long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
