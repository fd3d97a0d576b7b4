using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Server.Export;
using Olha.Storage;
using Olha.Storage.Inspecting;

namespace Olha.Server;

/// <summary><c>olha export</c>: all rooms as files that need no program of ours.</summary>
internal static class ExportLine
{
    const string DefaultFolder = "olha-export";

    const string Usage = """
        olha export, all rooms as JSON Lines for programs and as pages to read

          olha export [DIR]    into this folder (olha-export), which is made; begin with index.html
              --public-only    leave out closed rooms and direct messages
              --language L     of the pages: en, pt-BR or es (en)
              --replace        when an export lies there already, put this one in its place; nothing else
                               is ever removed
              --json           progress and result as JSON, one object a line

        It is the operator's view: CLOSED ROOMS AND DIRECT MESSAGES ARE IN IT unless you say --public-only.
        What was deleted is not in it, nor passwords, sessions or e-mail. The files are for your eyes only.

        The server may run: all of it is the state of one moment. Stopped or killed, it leaves a folder
        "unfinished" in DIR at most, and the same command begins anew.

        Exit code: 0 exported, 1 not exported (the reason is told), 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "export",
        Summary = "all rooms as JSON Lines and as pages to read",
        Usage = Usage,
        Takes = ["--public-only", "--language=", "--replace"],
        Operands = [new("DIR", Path: OperandPath.Folder)],
        Choices = new Dictionary<string, IReadOnlyList<string>> { ["--language"] = ExportWords.Languages },
        Work = RunAsync,
        GoOn = static arguments => $"Nothing is left of it. To begin anew: {Same(arguments)}",
    };

    static async Task<Ending> RunAsync(Arguments arguments, ServerOptions options, Output output, CancellationToken ct)
    {
        var path = Path.GetFullPath(arguments[0] ?? DefaultFolder);
        try
        {
            await using var snapshot = await Snapshot.OpenAsync(ChatHost.WhereDataIs(options, Logs.Open(options with { LogLevel = LogLevel.None })), ct);
            using var folder = ExportFolder.Claim(path, arguments.Has("--replace"));
            if (folder.WasUnfinished) output.Note("began_anew", "An earlier export was not finished here: it begins anew.");
            var wishes = new ExportWishes(arguments.Has("--public-only"), ExportWords.In(arguments["--language"] ?? "en"), CommandLine.ProgramVersion, DateTimeOffset.UtcNow);
            if (!wishes.PublicOnly) output.Note("private", "Closed rooms and direct messages are in it: keep it as carefully as the server. --public-only leaves them out.");
            var done = await WriteAsync(snapshot, folder, wishes, output, ct);
            return Ending.Done(
                $"Exported: {done.Messages:N0} messages of {done.Rooms:N0} rooms, {done.People:N0} people. To read them open {Path.Combine(path, "index.html")}",
                new() { ["folder"] = path, ["people"] = done.People, ["rooms"] = done.Rooms, ["messages"] = done.Messages, ["publicOnly"] = wishes.PublicOnly });
        }
        catch (ExportRefusedException e)
        {
            return Ending.Failed(e.Code, e.Message);
        }
        catch (DatabaseRefusedException e)
        {
            return Ending.Failed("refused", e.Message);
        }
        catch (DatabaseUnavailableException e)
        {
            return Ending.Failed("unavailable", $"{e.Message.TrimEnd('.')}. When it is well again: {Same(arguments)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Ending.Failed("not_written", $"{e.Message.TrimEnd('.')}. Nothing is left of it. When that is mended: {Same(arguments)}");
        }
    }

    static async Task<ExportReport> WriteAsync(Snapshot snapshot, ExportFolder folder, ExportWishes wishes, Output output, CancellationToken ct)
    {
        try
        {
            var done = await snapshot.ReadAsync(
                session => new ExportRun(session, folder, wishes, (room, done, total) => output.Show(new("exporting", room, done, total, "messages"))).RunAsync(ct), ct);
            folder.Finish();
            return done;
        }
        catch
        {
            folder.Abandon();
            throw;
        }
    }

    static string Same(Arguments arguments) => string.Join(' ', ((string?[])
    [
        "olha export", arguments[0], arguments.Has("--public-only") ? "--public-only" : null,
        arguments["--language"] is { } language ? $"--language {language}" : null, arguments.Has("--replace") ? "--replace" : null,
    ]).Where(static it => it is not null));
}
