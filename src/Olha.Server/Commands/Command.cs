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

    /// <summary>What it takes beside <c>--help</c> and <c>--json</c>: <c>--name</c> is a switch, <c>--name=</c> takes a value.</summary>
    public required IReadOnlyList<string> Takes { get; init; }

    /// <summary>Words that it takes beside them.</summary>
    public IReadOnlyList<Operand> Operands { get; init; } = [];

    /// <summary>All that an option's value may be, where that is little.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Choices { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether a wrong setting is a reason not to begin.</summary>
    public bool NeedsSettings { get; init; } = true;

    /// <summary>Does it. Whoever is stopped throws <see cref="OperationCanceledException"/>.</summary>
    public required Func<Arguments, ServerOptions, Output, CancellationToken, Task<Ending>> Work { get; init; }

    /// <summary>What is true and what to do after it was stopped, or failed in the middle.</summary>
    public required Func<Arguments, string> GoOn { get; init; }

    /// <returns>The exit code: 0 done, 1 not done, 2 not understood.</returns>
    public async Task<int> RunAsync(string[] args, ServerOptions options, IReadOnlyList<string> problems)
    {
        if (args.Any(static it => it is "--help" or "-h"))
        {
            Console.Write(Usage);
            return 0;
        }
        var output = Output.Open(args.Contains("--json"), Name);
        if (!Arguments.TryParse(args, this, out var arguments, out var problem))
            return output.End(Ending.Misused($"{Name} {problem}{(problem.EndsWith('?') ? "" : ".")} See olha {Name} --help."));
        if (NeedsSettings && problems.Count > 0) return output.Refuse(problems);

        using var stop = new StopSignals();
        try
        {
            return output.End(await Work(arguments, options, output, stop.Token));
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return output.End(Ending.Failed("stopped", $"stopped. {GoOn(arguments)}".TrimEnd()));
        }
    }
}
