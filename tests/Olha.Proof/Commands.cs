namespace Olha.Proof;

/// <summary>The command line of the proof.</summary>
internal static class Commands
{
    const string Usage = """
        olha-proof check --seed N [--seconds S] [--program FILE]    one run of the checker; on red it shrinks and prints the timeline
        olha-proof fuzz --seed N [--frames N] [--bodies N] [--program FILE] [--database URL]    noise at every door; what breaks is made small and kept
        """;

    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0 && arguments[0] == "fuzz") return FuzzCommand.RunAsync(arguments.Skip(1).ToArray());
        Console.Error.WriteLine(Usage);
        return Task.FromResult(arguments.Count == 0 ? 0 : 2);
    }
}
