namespace Olha.Server.Tests;

/// <summary>The system's clock, put forward by hand. Timers run as they do.</summary>
internal sealed class SettableClock : TimeProvider
{
    long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Forward(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
