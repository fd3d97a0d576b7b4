namespace Olha.Proof.Tests;

/// <summary>F9 in short. What is timed is only written down: this runs beside other suites.</summary>
public sealed class HerdTests
{
    [Fact]
    public async Task All_who_were_cut_off_at_once_come_back_and_have_what_they_missed()
    {
        var part = await Strained.RunAsync(new ReconnectHerd(), seed: 9);
        Assert.Equal(500, part.Done);
    }
}
