using System.Text.Json.Nodes;
using Olha.Server.Backups;
using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Storage;
using Olha.Storage.Backups;
using Olha.Storage.Moving;

namespace Olha.Server;

/// <summary><c>olha restore</c>: a backup becomes the database.</summary>
internal static class RestoreLine
{
    const string Usage = """
        olha restore, puts a backup back

          olha restore FILE
              --check       read and verify the backup, and change nothing
              --replace     put it in the place of the database that is there, which is kept
                            beside it under a name with the time
              --restart     PostgreSQL: empty a target that an earlier restore has not finished
              --json        progress and result as JSON, one object a line

        FILE is what olha backup made, a copy that an upgrade kept (NAME.before-v0005), or a copy of
        a database file that no server had open. Stop the server first. The backup becomes the file
        that DB_NAME names, or with DATABASE_URL it moves into that PostgreSQL database, which must
        be empty. It is verified before anything is changed; whatever ends the command, the old
        database or the restored one is there, whole. Accounts and sessions are those of the backup;
        clients start afresh, because what they hold may be newer.

        Exit code: 0 restored, 1 not restored (the reason is told), 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "restore",
        Summary = "put a backup back",
        Usage = Usage,
        Takes = ["--check", "--replace", "--restart"],
        Operands = [new("FILE", Path: OperandPath.File)],
        Work = RunAsync,
        GoOn = static arguments => arguments.Has("--check") ? "Nothing was changed."
            : $"The database is as it was. To do it again: {Same(arguments)}",
    };

    static async Task<Ending> RunAsync(Arguments arguments, ServerOptions options, Output output, CancellationToken ct)
    {
        if (arguments[0] is not { } file) return Ending.Misused("restore needs the backup's FILE. See olha restore --help.");
        if (arguments.Has("--replace") && options.DatabaseUrl is not null)
            return Ending.Misused("--replace is for SQLite. A PostgreSQL database must be empty: make a new one, and name it in DATABASE_URL.");
        if (arguments.Has("--restart") && options.DatabaseUrl is null) return Ending.Misused("--restart is for PostgreSQL, and DATABASE_URL is not set.");

        var restore = new RestoreOptions
        {
            File = file, Target = ChatHost.WhereDataIs(options, Logs.Open(options with { LogLevel = LogLevel.None })),
            Replace = arguments.Has("--replace") || arguments.Has("--restart"), Audit = TablesAudit.Audit,
        };
        try
        {
            return arguments.Has("--check")
                ? Checked(await DatabaseRestore.CheckAsync(restore, Show, ct))
                : Restored(await DatabaseRestore.RunAsync(restore, Show, ct), file, options);
        }
        catch (DatabaseInUseException)
        {
            return Ending.Failed("target_in_use", $"the server is running and has {options.DbName} to itself. Stop it and do this again.");
        }
        catch (BackupRefusedException e)
        {
            return Ending.Failed(BackupLine.CodeOf(e.Obstacle), $"{e.Message} {WhatToDo(e.Obstacle, arguments)}".TrimEnd());
        }
        catch (MoveRefusedException e)
        {
            return Refused(e, arguments);
        }
        catch (DatabaseRefusedException e)
        {
            return Ending.Failed("refused", e.Message);
        }
        catch (DatabaseUnavailableException e)
        {
            return Ending.Failed("unavailable", $"{e.Message.TrimEnd('.')}. The backup is as it was. When that is mended: {Same(arguments)}");
        }

        void Show(BackupStep step) => output.Show(BackupLine.Shown(step));
    }

    static Ending Checked(BackupReport backup) => Ending.Done(
        $"{backup.Path} is sound: {backup.Bytes >> 10:N0} KiB ({BackupLine.Contents(backup)}). It can be restored.", BackupLine.Facts(backup, []));

    static Ending Restored(RestoreReport done, string file, ServerOptions options)
    {
        var to = options.DatabaseUrl is null ? done.Backup.Path : "the PostgreSQL database";
        var kept = done.Kept is { } old ? $"\nWhat was there before is kept as {old}. To go back: olha restore {old} --replace" : "";
        var text = $"""
            Restored: {to} holds what {file} held ({BackupLine.Contents(done.Backup)}), verified.{kept}
            Now start the server. What was said after the backup is not there; clients start afresh by themselves.
            """;
        var facts = new JsonObject { ["file"] = file, ["kept"] = done.Kept };
        if (done.Rows > 0) facts["rows"] = done.Rows;
        return Ending.Done(text, BackupLine.Facts(done.Backup, facts));
    }

    static Ending Refused(MoveRefusedException e, Arguments arguments)
    {
        var code = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Obstacle.ToString());
        return e.Obstacle switch
        {
            MoveObstacle.TargetNotEmpty or MoveObstacle.TargetFinished => Ending.Failed(
                "target_exists", "The PostgreSQL database holds a server already, or something else. Make a new database for the backup, and name it in DATABASE_URL."),
            MoveObstacle.SourceChanged => Ending.Failed(code, $"The PostgreSQL database holds the unfinished copy of another backup. To begin anew: {Same(arguments)} --restart"),
            MoveObstacle.Differs => Ending.Failed(code, $"{e.Message} No server will open it. To begin anew: {Same(arguments)} --restart"),
            _ => Ending.Failed(code, e.Message),
        };
    }

    static string WhatToDo(BackupObstacle obstacle, Arguments arguments) => obstacle switch
    {
        BackupObstacle.TargetExists => $"To put the backup in its place and keep it under another name: {Same(arguments)} --replace",
        BackupObstacle.SourceTooNew => "Use the newer program.",
        BackupObstacle.NoRoom => "The database is as it was.",
        BackupObstacle.TargetBusy => "Close it and do this again.",
        _ => "",
    };

    static string Same(Arguments arguments) =>
        $"olha restore {arguments[0]}{(arguments.Has("--replace") ? " --replace" : "")}";
}
