namespace Olha.Proof.Tests;

/// <summary>The soak in short. It has a trait of its own, so that it can run beside suites that it does not disturb.</summary>
public sealed class SoakTests
{
    [Fact, Trait("Soak", "two minutes")]
    public async Task After_two_minutes_of_coming_and_going_nothing_is_left_open()
    {
        var part = await Strained.RunAsync(new Soak(), seed: 3);
        Assert.True(part.Demands.Single(it => it.What == "cut off and back").Measured > 100);
    }
}
