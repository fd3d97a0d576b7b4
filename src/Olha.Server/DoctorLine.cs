using System.Text.Json.Nodes;
using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Server.Doctor;

namespace Olha.Server;

/// <summary><c>olha doctor</c>: looks at everything that the server needs, and changes nothing.</summary>
internal static class DoctorLine
{
    const string Usage = """
        olha doctor, what is wrong, and what to do

          olha doctor          settings, files, disk, database, Redis, clock, ports, TLS, versions
              --thorough       let SQLite compare every index with its table too: several times as long
              --json           progress and result as JSON, one object a line; the result has findings

        Run it as the server's user, in its folder, with its settings; the server may run. Nothing is
        changed. Each finding is ok, a warning (look at it) or a problem (it does not work, or not for long).

        Exit code: 0 no problem, 1 a problem, 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "doctor",
        Summary = "what is wrong with the server, and what to do",
        Usage = Usage,
        Takes = ["--thorough"],
        NeedsSettings = false,
        Work = static (arguments, _, output, ct) => RunAsync(Settings.Read(), arguments.Has("--thorough"), output, ct),
        GoOn = static _ => "Nothing was changed.",
    };

    static async Task<Ending> RunAsync(Settings settings, bool thorough, Output output, CancellationToken ct)
    {
        var findings = new List<Finding>();
        await foreach (var finding in FindAsync(settings, thorough, output, ct))
        {
            findings.Add(finding);
            output.Note(finding.Code, Shown(finding));
        }
        var (problems, warnings) = (findings.Count(static it => it.Severity is Severity.Problem), findings.Count(static it => it.Severity is Severity.Warning));
        var facts = new JsonObject
        {
            ["problems"] = problems, ["warnings"] = warnings,
            ["findings"] = new JsonArray([.. findings.Select(static it => new JsonObject
            {
                ["area"] = it.Area, ["code"] = it.Code, ["severity"] = Word(it.Severity), ["text"] = it.Text, ["advice"] = it.Advice,
            })]),
        };
        return problems > 0 ? new Ending(1, "problems", $"{Counted(problems, "problem")}, {Counted(warnings, "warning")}.", facts)
            : warnings > 0 ? new Ending(0, "warnings", $"No problem, {Counted(warnings, "warning")}.", facts)
            : Ending.Done("All is well.", facts);
    }

    static async IAsyncEnumerable<Finding> FindAsync(
        Settings settings, bool thorough, Output output, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (options, clock) = (settings.Options, TimeProvider.System);
        var place = ChatHost.WhereDataIs(options, Logs.Open(options with { LogLevel = LogLevel.None }));
        foreach (var finding in SettingsExam.Of(settings)) yield return finding;
        foreach (var finding in MachineExam.Of(options, CommandLine.ProgramVersion, clock)) yield return finding;
        foreach (var finding in FilesExam.Of(options)) yield return finding;
        foreach (var finding in await PortsExam.OfAsync(options, ct)) yield return finding;
        if (options.TlsCertificate is not null && options.TlsKey is not null) foreach (var finding in TlsExam.OfFiles(options, clock)) yield return finding;
        else if (options.UsesAcme) foreach (var finding in await TlsExam.OfAuthorityAsync(options, place, clock, ct)) yield return finding;
        if (options.RedisUrl is { } redis) foreach (var finding in await RedisExam.OfAsync(redis)) yield return finding;
        if (options.DatabaseUrl is not null) foreach (var finding in await PostgresExam.OfAsync(options, place, ct)) yield return finding;
        if (options.DatabaseUrl is not null && !File.Exists(options.DbName)) yield break;
        var sqlite = await Task.Run(() => SqliteExam.Of(
            options, place, thorough, (table, done, total) => output.Show(new("checking", table, done, total, "rows")), clock, ct).ToList(), ct);
        foreach (var finding in sqlite) yield return finding;
    }

    static string Shown(Finding finding) =>
        $"{Word(finding.Severity),-8} {finding.Area,-9} {finding.Text}{(finding.Advice is { } advice ? $"\n{"",19}{advice}" : "")}";

    static string Word(Severity severity) => severity switch
    {
        Severity.Ok => "ok",
        Severity.Warning => "warning",
        _ => "problem",
    };

    static string Counted(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
