namespace Olha.Proof.Tests;

/// <summary>What is written down is what was run.</summary>
public sealed class EvidenceTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("olha-evidence-");

    [Fact]
    public async Task A_later_run_of_a_part_takes_the_place_of_its_former_one_and_leaves_the_others()
    {
        var ct = TestContext.Current.CancellationToken;
        await EvidenceFile.MergeAsync(_folder.FullName, "faults", Made("F10"), ct);
        await EvidenceFile.MergeAsync(_folder.FullName, "faults", Made("F2") with { Seed = 1 }, ct);
        await EvidenceFile.MergeAsync(_folder.FullName, "faults", Made("F2") with { Seed = 2, Demands = [Demand.AtMost("p99", 3, "ms", 4)] }, ct);

        var document = Assert.Single(await EvidenceFile.ReadAllAsync(_folder.FullName, ct));
        Assert.Equal(["F2", "F10"], document.Parts.Select(part => part.Name));
        Assert.Equal(2UL, document.Parts[0].Seed);
        Assert.True(Assert.Single(document.Parts[0].Demands).Met);
    }

    [Fact]
    public async Task A_shortened_part_says_so_and_a_broken_one_is_named_first()
    {
        var ct = TestContext.Current.CancellationToken;
        await EvidenceFile.MergeAsync(_folder.FullName, "faults", Made("F1") with { Asked = 200, Done = 60, Unit = "kills" }, ct);
        await EvidenceFile.MergeAsync(_folder.FullName, "faults", Made("F9") with { Findings = ["Message 7 is missing."] }, ct);
        await EvidenceFile.MergeAsync(_folder.FullName, "faults", Made("soak") with { Done = 0 }, ct);
        await FaultsCommand.ReportAsync(_folder.FullName, ct);

        var page = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "README.md"), ct);
        Assert.Contains("## Faults: BROKEN", page);
        Assert.Contains("asked 200 kills, run 60. Again: `script/faults --only F1 --seed 5`", page);
        Assert.Contains("- **Not kept:** Message 7 is missing.", page);
        Assert.Contains("| soak | 10 turns | 0 | 5 |  | not run |", page);
    }

    [Fact]
    public void A_missed_demand_breaks_a_part_and_a_figure_that_is_not_judged_does_not()
    {
        Assert.Equal(Verdict.Kept, Made("F8").Verdict);
        Assert.Equal(Verdict.Broken, (Made("F8") with { Demands = [Demand.AtMost("p99", 5, "ms", 4)] }).Verdict);
        Assert.Equal(Verdict.Kept, (Made("F8") with { Demands = [Demand.AtMost("p99", 5, "ms", 4, judged: false)] }).Verdict);
        Assert.Equal(Verdict.Shortened, (Made("F8") with { Done = 9 }).Verdict);
    }

    [Fact]
    public void An_unknown_fault_is_refused() =>
        Assert.Throws<ProofException>(() => FaultsCommand.Parse(["--only", "F99"]));

    public void Dispose() => _folder.Delete(recursive: true);

    static Part Made(string name) => new(name, "Something is done.", "turns", 10, 10, 5, [], []);
}
