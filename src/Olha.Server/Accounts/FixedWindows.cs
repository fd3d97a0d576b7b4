namespace Olha.Server.Accounts;

/// <summary>How often each of many did something within a window of time that begins with the first time.</summary>
/// <remarks>What is remembered is bounded: when too many did something within one window all begin anew. Who has so many addresses to try
/// from gains nothing by it.</remarks>
internal sealed class FixedWindows(TimeSpan length, int limit, TimeProvider clock)
{
    const int Most = 100_000;

    readonly Lock _gate = new();
    readonly Dictionary<long, Window> _byWho = [];

    readonly record struct Window(long Began, int Count);

    /// <summary>Counts one time; null when that is within the limit. Otherwise it is not counted, and the answer is how long it takes until
    /// the next window begins.</summary>
    public TimeSpan? Count(long who)
    {
        if (limit <= 0) return null;
        lock (_gate)
        {
            var window = WindowOf(who);
            if (window.Count >= limit) return length - clock.GetElapsedTime(window.Began);
            _byWho[who] = window with { Count = window.Count + 1 };
            return null;
        }
    }

    /// <summary>Counts what was done elsewhere.</summary>
    public void Add(long who, int count)
    {
        if (limit <= 0) return;
        lock (_gate)
        {
            var window = WindowOf(who);
            _byWho[who] = window with { Count = (int)Math.Clamp((long)window.Count + count, 0, limit) };
        }
    }

    Window WindowOf(long who)
    {
        if (_byWho.TryGetValue(who, out var known) && clock.GetElapsedTime(known.Began) < length) return known;
        if (_byWho.Count >= Most) Sweep();
        return new Window(clock.GetTimestamp(), 0);
    }

    void Sweep()
    {
        foreach (var (who, window) in _byWho)
            if (clock.GetElapsedTime(window.Began) >= length) _byWho.Remove(who);
        if (_byWho.Count >= Most) _byWho.Clear();
    }
}
