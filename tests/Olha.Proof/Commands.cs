namespace Olha.Proof;

/// <summary>The command line of the proof.</summary>
internal static class Commands
{
    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments is ["check", ..]) return CheckCommand.RunAsync([.. arguments.Skip(1)]);
        if (arguments is ["mutants", ..]) return Mutants.MutantsCommand.RunAsync([.. arguments.Skip(1)]);
        Console.Error.WriteLine($"olha-proof: {CheckChoices.Usage}");
        return Task.FromResult(arguments.Count == 0 ? 0 : 2);
    }
}
