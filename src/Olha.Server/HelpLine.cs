using Olha.Server.Commands;

namespace Olha.Server;

/// <summary><c>olha help</c>: what can be done, and how.</summary>
internal static class HelpLine
{
    const string Usage = """
        olha help, the same as --help

          olha help            what there is
          olha help COMMAND    all about one

        """;

    public static readonly Command Command = new()
    {
        Name = "help",
        Summary = "this, or all about a command",
        Usage = Usage,
        Takes = [],
        Operands = [new("COMMAND")],
        NeedsSettings = false,
        Work = (arguments, _, _, _) => Task.FromResult(Answer(arguments[0])),
        GoOn = static _ => "",
    };

    static Ending Answer(string? name) =>
        name is null ? Ending.Done(CommandLine.Usage.TrimEnd('\n'))
        : CommandLine.Find(name) is { } command ? Ending.Done(command.Usage.TrimEnd('\n'))
        : Ending.Misused(Nearest.To(name, CommandLine.Commands.Select(static it => it.Name)) is { } near
            ? $"there is no command {name}. Did you mean olha help {near}?"
            : $"there is no command {name}. See olha --help.");
}
