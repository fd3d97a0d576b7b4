namespace Olha.Proof.Tests;

/// <summary>Noise at every door, in short; <c>olha-proof fuzz</c> is the long form.</summary>
public sealed class FuzzTests
{
    const ulong Seed = 6;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_mutated_frames_break_nothing()
    {
        await using var node = await StartAsync();

        var run = await new FrameFuzz(node, Seed, Corpus.Known).RunAsync(20_000, Ct);

        Assert.Empty(run.Findings.Select(static finding => finding.ToString()));
        Assert.InRange(run.Inputs, 20_000, 25_000);
        Assert.True(run.Acknowledged > run.Inputs / 20, $"Only {run.Acknowledged} of {run.Inputs} were posts that were stored: the noise drowned them.");
    }

    static Task<FuzzedNode> StartAsync() => FuzzedNode.StartAsync(Programs.UnderTest, Directory.CreateTempSubdirectory("olha-fuzz-").FullName, Ct);
}
