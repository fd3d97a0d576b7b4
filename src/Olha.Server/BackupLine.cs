using System.Globalization;
using System.Text.Json.Nodes;
using Olha.Server.Backups;
using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Storage;
using Olha.Storage.Backups;

namespace Olha.Server;

/// <summary><c>olha backup</c>: a copy of everything, while the server runs.</summary>
internal static class BackupLine
{
    const string Usage = """
        olha backup, a copy of everything while the server runs

          olha backup            into BACKUP_DIR, or where that is not set the folder backups
                                 beside the database, under a name with the time
          olha backup FOLDER     into this folder
          olha backup FILE       to this file
              --replace     replace a file of that name
              --json        progress and result as JSON, one object a line

        The settings are those of the server: DB_NAME, or the PostgreSQL database that DATABASE_URL
        names. The copy holds the state of one moment; nobody waits for it. It is one SQLite file,
        whichever database it comes from. It gets its name when it has been read back in full and is
        on the disk: whatever ends the command before, no half of a backup stands there. Keep it as
        you keep passwords: everything is in it. olha restore puts it back.

        Exit code: 0 made, 1 not made (the reason is told), 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "backup",
        Summary = "copy everything to a file, while the server runs",
        Usage = Usage,
        Takes = ["--replace"],
        Operands = [new("FILE", Path: OperandPath.File)],
        Work = RunAsync,
        GoOn = static _ => "No backup was made, and nothing of it is left.",
    };

    static async Task<Ending> RunAsync(Arguments arguments, ServerOptions options, Output output, CancellationToken ct)
    {
        var place = ChatHost.WhereDataIs(options, Logs.Open(options with { LogLevel = LogLevel.None }));
        var backup = new BackupOptions
        {
            Source = place, Target = TargetOf(arguments[0], options), Replace = arguments.Has("--replace"), Audit = TablesAudit.Audit,
        };
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            return Made(await DatabaseBackup.RunAsync(backup, step => output.Show(Shown(step)), ct), TimeProvider.System.GetElapsedTime(began));
        }
        catch (BackupRefusedException e)
        {
            return Ending.Failed(CodeOf(e.Obstacle), $"{e.Message} {WhatToDo(e.Obstacle)}".TrimEnd());
        }
        catch (DatabaseRefusedException e)
        {
            return Ending.Failed("refused", e.Message);
        }
        catch (DatabaseUnavailableException e)
        {
            return Ending.Failed("unavailable", $"{e.Message.TrimEnd('.')}. No backup was made.");
        }
    }

    static string TargetOf(string? given, ServerOptions options)
    {
        var folder = given ?? options.BackupDir ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.DbName))!, "backups");
        return given is null || Directory.Exists(given) || Path.EndsInDirectorySeparator(given)
            ? new BackupFolder(folder, ScheduledBackups.NameOf(options)).PathFor(TimeProvider.System.GetUtcNow())
            : given;
    }

    static Ending Made(BackupReport done, TimeSpan took)
    {
        var text = $"""
            {done.Path}: {done.Bytes >> 10:N0} KiB ({Contents(done)}).
            It holds what there was at {done.TakenAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, and was read back and verified.
            To put it back: olha restore {done.Path}
            """;
        return Ending.Done(text, Facts(done, new() { ["takenAt"] = done.TakenAt.UtcDateTime.ToString("O"), ["seconds"] = Math.Round(took.TotalSeconds, 3) }));
    }

    /// <summary>How much is in a backup, for people.</summary>
    public static string Contents(BackupReport report) => report.Counts.Count == 0
        ? $"schema version {report.Schema}"
        : string.Join(", ", report.Counts.Select(static it => $"{it.Name}: {it.Count:N0}"));

    /// <summary>The same for machines.</summary>
    public static JsonObject Facts(BackupReport report, JsonObject more)
    {
        (more["path"], more["bytes"], more["schema"]) = (report.Path, report.Bytes, report.Schema);
        foreach (var (name, count) in report.Counts) more[name] = count;
        return more;
    }

    public static Progress Shown(BackupStep step) =>
        new(step.Phase switch { BackupPhase.Copy => "copying", BackupPhase.Verify => "verifying", _ => "moving in" }, step.With, step.Done, step.Total, step.Unit);

    public static string CodeOf(BackupObstacle obstacle) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(obstacle.ToString());

    static string WhatToDo(BackupObstacle obstacle) => obstacle switch
    {
        BackupObstacle.TargetExists => "Name another one, or add --replace.",
        BackupObstacle.SourceOutdated => "Start this version once, which brings it up to date, or use the program that serves it.",
        BackupObstacle.SourceTooNew => "Use the program that serves it.",
        BackupObstacle.SourceMissing => "There is nothing to back up: is DB_NAME right?",
        BackupObstacle.NoRoom => "Nothing of it is left. Name a folder on another disk.",
        BackupObstacle.Unsound => "No backup was made.",
        _ => "",
    };
}
