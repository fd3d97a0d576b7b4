namespace Olha.Proof.Tests;

/// <summary>F8 in short. What is timed is only written down: this runs beside other suites.</summary>
public sealed class StuckTests
{
    [Fact]
    public async Task Who_stops_reading_is_closed_and_misses_nothing()
    {
        var part = await Strained.RunAsync(new StuckReaders(), seed: 8);
        Assert.True(part.Demands.Single(it => it.What == "times that a stuck reader was closed").Measured > 0);
    }
}
