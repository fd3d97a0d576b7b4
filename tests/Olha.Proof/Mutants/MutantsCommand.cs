namespace Olha.Proof.Mutants;

/// <summary><c>olha-proof mutants</c>: every fault, and what it took to see it.</summary>
internal static class MutantsCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var program = await MutatedProgram.BuildAsync(AllMutants.Table, CancellationToken.None);
        Console.WriteLine(await Hunt.ControlAsync(program, new Showing(), CancellationToken.None));
        foreach (var mutant in AllMutants.Table.Where(it => !it.Shown.PowerCut && (arguments.Count == 0 || arguments.Contains(it.Name))))
        {
            var hunted = await Hunt.RunAsync(program, mutant, CancellationToken.None);
            Console.WriteLine($"{(hunted.IsRight ? "seen" : "SURVIVED")} {hunted.Seeds} {hunted.Seconds:0.0} s {hunted}");
        }
        return 0;
    }
}
