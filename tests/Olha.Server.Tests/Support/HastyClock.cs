namespace Olha.Server.Tests;

/// <summary>The system's clock, whose timers come sooner: what happens once in minutes happens while a test waits.</summary>
/// <param name="times">How many times sooner.</param>
internal sealed class HastyClock(double times) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    TimeSpan Sooner(TimeSpan time) => time > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Max(1, time.TotalMilliseconds / times)) : time;
}
