using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Watch;

/// <summary>Whether the other nodes are heard, and how long word takes.</summary>
internal sealed class BackplaneWatch : IDisposable
{
    /// <summary>A connection that is lost and built anew at once is no news.</summary>
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    readonly IBackplane _backplane;
    readonly TimeProvider _clock;
    long _deafSince;
    long _roundTrip = -1; // ticks; -1: not known

    public BackplaneWatch(IBackplane backplane, TimeProvider clock)
    {
        (_backplane, _clock, _deafSince) = (backplane, clock, clock.GetTimestamp());
        _backplane.HearingChanged += HearingChanged;
        _backplane.CameBack += CameBack;
    }

    public BackplaneKind Kind => _backplane.Carrier switch
    {
        Carrier.Postgres => BackplaneKind.Postgres,
        Carrier.Redis => BackplaneKind.Redis,
        _ => BackplaneKind.None,
    };

    /// <summary>Whether what others say arrives.</summary>
    public bool IsLive => _backplane.Hearing is Hearing.Live;

    /// <summary>How long what this node told last took to come back to it; null: nothing has since the others are heard.</summary>
    public TimeSpan? RoundTrip => Interlocked.Read(ref _roundTrip) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>For <see cref="Http.Conditions"/>.</summary>
    public string? WhyNotHearing() =>
        _backplane.Hearing is not Hearing.Deaf || _clock.GetElapsedTime(Interlocked.Read(ref _deafSince)) < s_grace ? null
        : Kind is BackplaneKind.Redis ? "Redis is away: what other nodes change is asked of the database twice a second."
        : "Other nodes are not heard over the database: what they change is asked for twice a second.";

    public void Dispose()
    {
        _backplane.HearingChanged -= HearingChanged;
        _backplane.CameBack -= CameBack;
    }

    void HearingChanged()
    {
        if (_backplane.Hearing is not Hearing.Deaf) return;
        Interlocked.Exchange(ref _deafSince, _clock.GetTimestamp());
        Interlocked.Exchange(ref _roundTrip, -1);
    }

    void CameBack(TimeSpan took) => Interlocked.Exchange(ref _roundTrip, took.Ticks);
}
