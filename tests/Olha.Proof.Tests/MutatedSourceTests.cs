namespace Olha.Proof.Tests;

/// <summary>The table of faults and the source that it changes.</summary>
public sealed class MutatedSourceTests
{
    const string File = "Olha.Storage/StoredTime.cs";

    [Fact]
    public void The_table_fits_the_source_and_changes_it()
    {
        var plain = MutatedSource.Read(Programs.Root, []);
        var mutated = MutatedSource.Read(Programs.Root, AllMutants.Table);

        Assert.All(AllMutants.Table.SelectMany(mutant => mutant.Edits), edit => Assert.NotEqual(plain[$"src/{edit.File}"], mutated[$"src/{edit.File}"]));
        Assert.NotEqual(MutatedSource.HashOf(plain), MutatedSource.HashOf(mutated));
        Assert.All(AllMutants.Table, mutant => Assert.Contains(mutated.Values, text => text.Contains($"Is(\"{mutant.Name}\")", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("no such text anywhere", "0 times")]
    [InlineData("e", "times")]
    public void A_fault_whose_place_has_moved_is_named(string before, string said)
    {
        var lost = Planted("lost", before);
        var failure = Assert.Throws<ProofException>(() => MutatedSource.Read(Programs.Root, [lost]));
        Assert.Contains("lost", failure.Message, StringComparison.Ordinal);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_faults_of_one_place_are_refused()
    {
        var failure = Assert.Throws<ProofException>(() =>
            MutatedSource.Read(Programs.Root, [Planted("one", "namespace Olha.Storage"), Planted("other", "namespace Olha.Storage;")]));
        Assert.Contains("another one", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_used_once()
    {
        Assert.Equal(AllMutants.Table.Count, AllMutants.Table.Select(mutant => mutant.Name).Distinct().Count());
    }

    static Mutant Planted(string name, string before) => new(name, "Nothing.", 1, new Showing(), [new(File, before, "$on")]);
}
