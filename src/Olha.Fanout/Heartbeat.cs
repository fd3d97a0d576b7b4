namespace Olha.Fanout;

/// <summary>When connections are pinged and how long they may stay silent.</summary>
/// <param name="Interval">Between two pings of one connection.</param>
/// <param name="Timeout">From a ping to the latest moment of its answer.</param>
public sealed record HeartbeatTimes(TimeSpan Interval, TimeSpan Timeout);

/// <summary>One connection's pings.</summary>
struct Pulse
{
    public long PingedAt;
    public long DueAt; // 0: not looked at yet
    public long Beat;
    public bool Waiting;
}

/// <summary>Pings every connection in turn and closes those that do not answer.</summary>
/// <remarks>One loop for all: each tick looks at every connection and pings those whose turn it is. A connection costs a few
/// numbers in itself, not a timer.</remarks>
public sealed class Heartbeat(Hub hub, HeartbeatTimes times, TimeProvider clock)
{
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
        foreach (var connection in hub.Connections)
            if (!connection.IsClosing) Look(connection, ref connection.Pulse, now, beat);
    }

    void Look(Connection connection, ref Pulse pulse, long now, long beat)
    {
        if (pulse.DueAt == 0)
        {
            // It was welcomed after the beat before last at the earliest: what moved since is told with the first ping.
            // The first ping comes at a random moment of the interval, so that a herd that came together is not pinged together.
            pulse = new Pulse { DueAt = now + Ticks(times.Interval * Random.Shared.NextDouble()), Beat = beat - 2 };
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
    }

    long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
