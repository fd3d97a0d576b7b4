using System.Globalization;
using System.Text.Json.Nodes;
using Olha.Server.Commands;
using Olha.Server.Configuration;
using Olha.Storage;
using Olha.Storage.Moving;

namespace Olha.Server;

/// <summary><c>olha migrate</c>: a server that was on SQLite goes on on PostgreSQL.</summary>
internal static class MigrateLine
{
    const string Usage = """
        olha migrate, moving house: copies a server from SQLite to PostgreSQL

          olha migrate --from sqlite --to postgres
              --from sqlite                    the file that DB_NAME names
              --from sqlite:PATH               this file
              --to postgres                    the database that DATABASE_URL names
              --to postgres://USER@HOST/NAME   this one; a password is better kept in DATABASE_URL,
                                               because others can see the command line
              --restart     empty a target that an earlier migration has not finished; begin anew
              --chunk N     rows in one transaction (20000)
              --json        progress and result as JSON, one object a line

        Stop the server first. The PostgreSQL database must be empty. Everything is copied, read back
        and compared; accounts, sessions and what clients hold stay valid. It can be stopped or killed
        at any moment: the same command goes on where it stopped, and no server opens the unfinished
        copy. The SQLite file stays as it is.

        Exit code: 0 moved, 1 not moved (the reason is told), 2 not understood.

        """;

    public static readonly Command Command = new()
    {
        Name = "migrate",
        Summary = "move from SQLite to PostgreSQL",
        Usage = Usage,
        Takes = ["--from=", "--to=", "--restart", "--chunk="],
        Work = RunAsync,
        GoOn = arguments => $"Nothing is lost: the SQLite file is as it was. Go on with: {Same(arguments)}",
    };

    static async Task<Ending> RunAsync(Arguments arguments, ServerOptions options, Output output, CancellationToken ct)
    {
        if (Ends(arguments, options, out var from, out var to) is { } misused) return misused;
        var chunk = 20_000;
        if (arguments["--chunk"] is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out chunk) && chunk is > 0 and <= 1_000_000))
            return Ending.Misused("--chunk must be a whole number from 1 to 1000000.");

        var move = new MoveOptions
        {
            Ends = ChatHost.WhereDataIs(options with { DbName = from, DatabaseUrl = to }, Logs.Open(options with { LogLevel = LogLevel.None })),
            Restart = arguments.Has("--restart"), ChunkRows = chunk,
        };
        try
        {
            var done = await DatabaseMove.RunAsync(move, step => output.Show(Shown(step)), ct);
            return Moved(done, from, to);
        }
        catch (DatabaseInUseException)
        {
            return Ending.Failed("source_in_use", $"the server is running and has {from} to itself. Stop it and do this again.");
        }
        catch (MoveRefusedException e)
        {
            return Ending.Failed(CodeOf(e.Obstacle), $"{e.Message} {WhatToDo(e.Obstacle, from, arguments)}".TrimEnd());
        }
        catch (DatabaseRefusedException e)
        {
            return Ending.Failed("refused", e.Message);
        }
        catch (DatabaseUnavailableException e)
        {
            return Ending.Failed("unavailable", $"{e.Message.TrimEnd('.')}. Nothing is lost: the SQLite file is as it was. When PostgreSQL is well again: {Same(arguments)}");
        }
    }

    static Ending? Ends(Arguments arguments, ServerOptions options, out string from, out string to)
    {
        (from, to) = ("", "");
        if ((arguments["--from"], arguments["--to"]) is not ({ } source, { } target))
            return Ending.Misused("migrate needs --from and --to. See olha migrate --help.");
        if (source == "sqlite") from = options.DbName;
        else if (source.StartsWith("sqlite:", StringComparison.Ordinal) && source.Length > 7) from = source[7..];
        else return Ending.Misused("--from must be sqlite or sqlite:PATH: only from SQLite can be moved.");

        if (target == "postgres")
        {
            if (options.DatabaseUrl is not { } configured)
                return Ending.Misused("--to postgres is the database that DATABASE_URL names, which is not set.");
            to = configured;
            return null;
        }
        to = target;
        return target.StartsWith("postgres://", StringComparison.Ordinal) || target.StartsWith("postgresql://", StringComparison.Ordinal)
            ? null
            : Ending.Misused("--to must be postgres or postgres://USER@HOST/NAME: only to PostgreSQL can be moved.");
    }

    static Ending Moved(MoveReport done, string from, string to)
    {
        var rows = done.Tables.Sum(table => table.Rows);
        var clients = done.KeepsEpoch
            ? "Sessions and what clients hold stay valid."
            : "Sessions stay valid. Clients start afresh: the file was a copy that may be older than what they hold.";
        var text = $"""
            Moved: {rows:N0} rows of {done.Tables.Count} tables, compared with counts and checksums. {clients}
            From now on start the server with DATABASE_URL naming {Secrets.Masked(to)}.
            Keep the other settings, DB_NAME among them: what lies beside that file stays where it is.
            {from} is left as it was, for the day you want to look back; what is said on PostgreSQL is not in it.
            """;
        return Ending.Done(text, new()
        {
            ["rows"] = rows, ["copiedBefore"] = done.CopiedBefore, ["keepsEpoch"] = done.KeepsEpoch,
            ["tables"] = new JsonArray([.. done.Tables.Select(table =>
                new JsonObject { ["name"] = table.Name, ["rows"] = table.Rows, ["checksum"] = table.Checksum })]),
        });
    }

    static string WhatToDo(MoveObstacle obstacle, string from, Arguments arguments) => obstacle switch
    {
        MoveObstacle.SourceNotAdopted or MoveObstacle.SourceOutdated =>
            $"Start this version once with DB_NAME={from} and without DATABASE_URL, which brings it up to date; stop it, and do this again.",
        MoveObstacle.SourceChanged => $"To begin anew: {Same(arguments)} --restart",
        MoveObstacle.Differs => $"No server will open the copy. To begin anew: {Same(arguments)} --restart",
        MoveObstacle.TargetNotEmpty => "Make a new database for it.",
        MoveObstacle.TargetFinished => "Start the server with DATABASE_URL naming it.",
        MoveObstacle.TargetBusy => "Wait for its end.",
        MoveObstacle.TargetEncoding => "Make one with: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
        _ => "",
    };

    static Progress Shown(MoveStep step) => step.Phase switch
    {
        MovePhase.Copy => new("copying", step.Table, step.Done, step.Total, "rows"),
        MovePhase.Analyze => new("analyzing", step.Table, step.Done, step.Total, "tables"),
        _ => new("verifying", step.Table, step.Done, step.Total, "rows"),
    };

    // The command again, but for the password and what is not to be done twice.
    static string Same(Arguments arguments) =>
        $"olha migrate --from {arguments["--from"]} --to {Secrets.Masked(arguments["--to"] ?? "")}";

    static string CodeOf(MoveObstacle obstacle) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(obstacle.ToString());
}
