using Olha.Server.Configuration;

namespace Olha.Server.Commands;

/// <summary>Something that the program does instead of serving: <c>olha NAME [options]</c>.</summary>
internal sealed class Command
{
    /// <summary>The word after <c>olha</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a few words for <c>olha --help</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>What <c>olha NAME --help</c> prints.</summary>
    public required string Usage { get; init; }

    /// <summary>What it takes beside <c>--help</c> and <c>--json</c>: <c>--name</c> is a switch, <c>--name=</c> takes a value,
    /// <c>NAME</c> stands there without a name.</summary>
    public required IReadOnlyList<string> Takes { get; init; }

    /// <summary>Does it. Whoever is stopped throws <see cref="OperationCanceledException"/>.</summary>
    public required Func<Arguments, ServerOptions, Output, CancellationToken, Task<Ending>> Work { get; init; }

    /// <summary>What is true and what to do after it was stopped, or failed in the middle.</summary>
    public required Func<Arguments, string> GoOn { get; init; }

    /// <returns>The exit code: 0 done, 1 not done, 2 not understood.</returns>
    public async Task<int> RunAsync(string[] args, ServerOptions options, IReadOnlyList<string> problems)
    {
        if (args is ["--help" or "-h"])
        {
            Console.Write(Usage);
            return 0;
        }
        if (!Arguments.TryParse(args, Takes, out var arguments, out var problem))
            return Complain(2, $"{Name} {problem}. See olha {Name} --help.");
        if (problems.Count > 0) return Complain(1, problems);

        using var stop = new StopSignals();
        var output = Output.Open(arguments.Has("--json"), Name);
        try
        {
            return output.End(await Work(arguments, options, output, stop.Token));
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return output.End(Ending.Failed("stopped", $"stopped. {GoOn(arguments)}"));
        }
    }

    static int Complain(int exit, params IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine($"olha: {problem}");
        return exit;
    }
}
