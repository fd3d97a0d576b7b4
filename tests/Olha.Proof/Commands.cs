namespace Olha.Proof;

/// <summary>The command line of the proof.</summary>
internal static class Commands
{
    const string Usage = """
        olha-proof check --seed N [--seconds S] [--program FILE]    one run of the checker; on red it shrinks and prints the timeline
        """;

    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0 && arguments[0] == "mutants") return Mutants.MutantsCommand.RunAsync([.. arguments.Skip(1)]);
        Console.Error.WriteLine(Usage);
        return Task.FromResult(arguments.Count == 0 ? 0 : 2);
    }
}
