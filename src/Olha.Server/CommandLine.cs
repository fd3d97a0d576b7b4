using System.Reflection;
using Olha.Server.Commands;
using Olha.Server.Configuration;

namespace Olha.Server;

/// <summary>What the program does when it does not serve. Each returns the exit code.</summary>
internal static class CommandLine
{
    const string UsageBefore = """
        olha, a chat server: rooms, people and their messages in one program

          olha             serve; the web app is at http://localhost:8080


        """;

    const string UsageAfter = """

          olha COMMAND --help    all about it
          --json                 what a command says as JSON, one object a line

        Settings are environment variables, or lines of a .env file beside it; none is needed.
        The usual ones: PORT (8080), DB_NAME (data/olha_mensagem.db), PUBLIC_URL, REGISTRATION (open).
        Exit codes: 0 done, 1 not done (the reason is told), 2 not understood.

        """;

    /// <summary>Every command that there is, by name.</summary>
    public static IReadOnlyList<Command> Commands { get; } =
    [
        AdminLine.Command, BackupLine.Command, CompletionLine.Command, ConfigLine.Command, DoctorLine.Command, ExportLine.Command, HealthLine.Command, HelpLine.Command,
        MigrateLine.Command, RestoreLine.Command, VersionLine.Command,
    ];

    /// <summary>The version that was built, without the commit.</summary>
    public static string ProgramVersion { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What <c>olha --help</c> prints.</summary>
    public static string Usage => string.Concat(
        [UsageBefore, .. Commands.Select(static it => $"  olha {it.Name,-10}  {it.Summary}\n"), UsageAfter]);

    public static Task<int> RunAsync(string[] args, Settings settings) => args switch
    {
        ["--help" or "-h"] => RunAsync(["help"], settings),
        // As other programs have them, and as they were called before they were commands.
        ["--version" or "--health"] or ["--version" or "--health", "--json"] => RunAsync([args[0][2..], .. args[1..]], settings),
        [var name, .. var rest] when Find(name) is { } command => command.RunAsync(rest, settings.Options, settings.Problems),
        _ => Task.FromResult(Unknown(args)),
    };

    /// <summary>The command of this name; null: there is none.</summary>
    public static Command? Find(string name) => Commands.FirstOrDefault(command => command.Name == name);

    public static int Refuse(params IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine($"olha: {problem}");
        return 1;
    }

    static int Unknown(string[] args)
    {
        var meant = Nearest.To(args[0], Commands.Select(static it => it.Name)) is { } near ? $" Did you mean olha {near}?" : "";
        return Output.Open(args.Contains("--json"), args[0]).End(Ending.Misused($"{string.Join(' ', args)} is nothing it knows.{meant} See olha --help."));
    }
}
