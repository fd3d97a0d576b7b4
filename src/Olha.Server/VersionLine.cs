using Olha.Server.Commands;

namespace Olha.Server;

/// <summary><c>olha version</c>.</summary>
internal static class VersionLine
{
    const string Usage = """
        olha version, the same as --version

          olha version         the version of the program, nothing else
              --json           one object, with version

        """;

    public static readonly Command Command = new()
    {
        Name = "version",
        Summary = "which version this is; also --version",
        Usage = Usage,
        Takes = [],
        NeedsSettings = false,
        Work = static (_, _, _, _) => Task.FromResult(Ending.Done(CommandLine.ProgramVersion, new() { ["version"] = CommandLine.ProgramVersion })),
        GoOn = static _ => "",
    };
}
