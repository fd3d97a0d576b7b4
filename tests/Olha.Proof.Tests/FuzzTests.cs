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

    [Fact]
    public async Task Five_thousand_mutated_requests_break_nothing()
    {
        await using var node = await StartAsync();
        var fuzz = new BodyFuzz(node, Seed);

        var run = await fuzz.RunAsync(5000, Ct);

        Assert.Empty(run.Findings.Select(static finding => finding.ToString()));
        Assert.Equal(5000, run.Inputs);
        // Noise alone would prove little: some of it must be understood.
        Assert.True(fuzz.Answers.Where(static it => it.Key < 300).Sum(static it => it.Value) > 500, "Hardly anything was understood.");
    }

    [Fact]
    public void What_is_known_and_ten_thousand_more_inputs_are_read_as_they_must_be()
    {
        var readers = new Readers(Programs.BuiltFolder);
        Assert.NotEmpty(Corpus.Known);

        var findings = new CoverageFuzz(readers, Seed).Run(10_000, Corpus.Known);

        Assert.Empty(findings.Select(static finding => finding.ToString()));
        Assert.True(Coverage.Steps > 300, $"Only {Coverage.Steps} steps were seen: is the program instrumented?");
    }

    static Task<FuzzedNode> StartAsync() => FuzzedNode.StartAsync(Programs.UnderTest, databaseUrl: null, Ct);
}
