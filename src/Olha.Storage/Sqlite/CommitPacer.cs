namespace Olha.Storage.Sqlite;

/// <summary>Says how long a commit may wait for company.</summary>
/// <remarks>
/// A thousand people who say something once a second, each at another moment, make a thousand commits, and a commit costs ten times
/// what a message does. Held back for a few milliseconds, several go together. But somebody who waits for each answer before
/// the next question is only slowed down by that, and everybody is when commits are large anyway. Which it is shows when it
/// is tried: where less gets done while commits wait, they don't wait for a good while.
/// Not thread-safe: the writer's own.
/// </remarks>
sealed class CommitPacer(TimeProvider clock)
{
    /// <summary>From one commit's begin to the next one's, when they wait.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(8);

    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan s_penalty = TimeSpan.FromSeconds(30);

    /// <summary>Commits a second from which on it is worth a try.</summary>
    const int Many = 400;

    /// <summary>Units a commit from which on it is not.</summary>
    const int Large = 8;

    long _lookBegan = clock.GetTimestamp();
    long _lastBegan;
    int _commits;
    int _units;
    double _freeRate; // units a second before commits waited
    long _notBefore;

    /// <summary>Whether commits wait at present.</summary>
    public bool Holds { get; private set; }

    /// <summary>How long the commit that could begin now should wait.</summary>
    public TimeSpan Wait()
    {
        if (!Holds) return TimeSpan.Zero;
        var since = clock.GetElapsedTime(_lastBegan);
        return since < Pace ? Pace - since : TimeSpan.Zero;
    }

    /// <summary>A commit of so many units begins.</summary>
    public void Begins(int units)
    {
        _lastBegan = clock.GetTimestamp();
        _commits++;
        _units += units;
        var looked = clock.GetElapsedTime(_lookBegan, _lastBegan);
        if (looked < s_look) return;

        Judge(_units / looked.TotalSeconds, _commits / looked.TotalSeconds);
        (_lookBegan, _commits, _units) = (_lastBegan, 0, 0);
    }

    void Judge(double unitRate, double commitRate)
    {
        if (!Holds)
        {
            Holds = commitRate > Many && unitRate < commitRate * Large && _lastBegan >= _notBefore;
            _freeRate = unitRate;
        }
        else if (unitRate < _freeRate * 0.75)
        {
            Holds = false;
            _notBefore = _lastBegan + (long)(s_penalty.TotalSeconds * clock.TimestampFrequency);
        }
    }
}
