using Olha.Server.Configuration;
using Olha.Storage;
using Olha.Storage.Inspecting;

namespace Olha.Server.Doctor;

/// <summary>The SQLite file: whose it is, its schema, whether it is sound.</summary>
internal static class SqliteExam
{
    const string Area = "database";
    const long LongLog = 256L << 20;

    public static IEnumerable<Finding> Of(
        ServerOptions options, DatabaseOptions place, bool thorough, Action<string, long, long> progress, TimeProvider clock, CancellationToken ct)
    {
        SqliteInspection inspection;
        SqliteLook look;
        try
        {
            inspection = new(place);
            look = inspection.Look();
        }
        catch (Exception e) when (e is DatabaseUnavailableException or DatabaseRefusedException)
        {
            return [Finding.Problem(Area, "unreadable", e.Message, "Run this as the server's user; if it is damaged, restore a backup.")];
        }
        // Left from before it moved, or nobody's business; but who is not adopted may be missed.
        if (options.DatabaseUrl is not null && look.Owner is not SqliteOwner.Predecessor) return [];
        return look.Owner switch
        {
            SqliteOwner.Nobody => [Finding.Ok(Area, "none", $"There is no database {options.DbName} yet: the first start makes it.")],
            SqliteOwner.NotSqlite => [Finding.Problem(Area, "foreign", $"{options.DbName} is not a SQLite database.",
                "Set DB_NAME to another file, or put a backup in its place.")],
            SqliteOwner.Others => [Finding.Problem(Area, "foreign", $"{options.DbName} is the database of another program.",
                "Set DB_NAME to another file.")],
            SqliteOwner.Predecessor =>
            [
                Finding.Warning(Area, "unadopted", $"{options.DbName} was written by the original program and is not adopted yet.",
                    options.DatabaseUrl is null ? "The next start adopts it, and keeps a copy: stop the original first, and have room for three times the file."
                        : "With DATABASE_URL set nothing is done with it: start once without, then olha migrate."),
            ],
            _ => [.. Ours(options, look, inspection, thorough, progress, clock, ct)],
        };
    }

    static IEnumerable<Finding> Ours(
        ServerOptions options, SqliteLook look, SqliteInspection inspection, bool thorough, Action<string, long, long> progress, TimeProvider clock, CancellationToken ct)
    {
        yield return SchemaExam.Of(Area, look.Schema!);
        var served = SystemFacts.HolderOf($"{Path.GetFullPath(options.DbName)}.lock") is not null;
        if (!look.IsCurrent && !served)
            yield return Finding.Warning(Area, "put_back",
                "The file is not the one that the last server left: an older one was put in its place, or it has moved to PostgreSQL.",
                "If that was meant, nothing: clients start afresh.");
        if (look.NewestAt > clock.GetUtcNow().AddMinutes(1))
            yield return Finding.Warning("clock", "behind", $"The newest message was said at {look.NewestAt:u}, and it is {clock.GetUtcNow():u} now.",
                "Set this machine's clock.");
        var log = new FileInfo($"{Path.GetFullPath(options.DbName)}-wal");
        if (log is { Exists: true, Length: > LongLog })
            yield return Finding.Warning(Area, "log", $"The write-ahead log has grown to {log.Length >> 20:N0} MiB.",
                "Something reads from the file for very long: a backup or an export, or another program.");

        var wrong = inspection.Check(thorough, progress, ct);
        yield return wrong.Count == 0
            ? Finding.Ok(Area, "integrity", thorough ? "SQLite finds the file sound, every index included." : "SQLite finds the file sound.")
            : Finding.Problem(Area, "integrity",
                $"SQLite finds the file damaged: {string.Join("; ", wrong.Take(3))}{(wrong.Count > 3 ? $"; and {wrong.Count - 3} more" : "")}.",
                "Stop the server, keep a copy of the file with its -wal, look at the disk, and restore a backup.");
    }
}
