using Olha.Server.Commands;

namespace Olha.Server;

/// <summary><c>olha completion</c>: what a shell needs to know to complete the program's command line.</summary>
internal static class CompletionLine
{
    const string Usage = """
        olha completion, for the shell that you type into

          olha completion bash    for instance: olha completion bash > /etc/bash_completion.d/olha
          olha completion zsh     olha completion zsh > /usr/local/share/zsh/site-functions/_olha
          olha completion fish    olha completion fish > ~/.config/fish/completions/olha.fish

        The package has installed them already.

        """;

    public static readonly Command Command = new()
    {
        Name = "completion",
        Summary = "complete this command line in bash, zsh or fish",
        Usage = Usage,
        Takes = [],
        Operands = [new("SHELL", ["bash", "zsh", "fish"])],
        NeedsSettings = false,
        Work = static (arguments, _, _, _) => Task.FromResult(Answer(arguments[0])),
        GoOn = static _ => "",
    };

    static Ending Answer(string? shell) => shell switch
    {
        "bash" => Ending.Done(Completion.Bash(CommandLine.Commands)),
        "zsh" => Ending.Done(Completion.Zsh(CommandLine.Commands)),
        "fish" => Ending.Done(Completion.Fish(CommandLine.Commands)),
        _ => Ending.Misused("completion needs the name of a shell: bash, zsh or fish."),
    };
}
