namespace Olha.Proof.Mutants;

/// <summary><c>olha-proof mutants</c>: every fault, and what it took to see it.</summary>
internal static class MutantsCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var program = await MutatedProgram.BuildAsync(AllMutants.Table, CancellationToken.None);
        Console.WriteLine(string.Join(' ', program));
        return 0;
    }
}
