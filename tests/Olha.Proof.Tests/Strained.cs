namespace Olha.Proof.Tests;

/// <summary>Runs a proof in its short form, in a folder that goes afterwards, and expects that every promise was kept.</summary>
internal static class Strained
{
    public static async Task<Part> RunAsync(IProof proof, ulong seed)
    {
        var folder = Directory.CreateTempSubdirectory("olha-proof-");
        try
        {
            var part = await proof.RunAsync(
                new ProofContext(Programs.UnderTest, folder.FullName, seed, Full: false, line => TestContext.Current.TestOutputHelper?.WriteLine(line)),
                TestContext.Current.CancellationToken);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', part.Demands.Select(static it => $"{it.What}: {it.Measured} {it.Unit}")));
            Assert.True(part.Verdict is Verdict.Kept or Verdict.Shortened, EvidenceReport.OneLine(part));
            return part;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
