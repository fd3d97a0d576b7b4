using Olha.Server.Configuration;
using Olha.Storage;
using Olha.Storage.Inspecting;
using Olha.Storage.Schema;

namespace Olha.Server.Doctor;

/// <summary>The PostgreSQL server: whether it lets us in, is new enough, has room for our connections, and knows what time it is.</summary>
internal static class PostgresExam
{
    const string Area = "postgres";
    const int ForYou = 3;

    static readonly TimeSpan s_tolerable = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Finding>> OfAsync(ServerOptions options, DatabaseOptions place, CancellationToken ct)
    {
        try
        {
            return [.. Of(await PostgresInspection.LookAsync(place, ct), options)];
        }
        catch (DatabaseRefusedException e)
        {
            return [Finding.Problem(Area, "refused", e.Message, "Look at DATABASE_URL (olha config), and at the server's pg_hba.conf.")];
        }
        catch (DatabaseUnavailableException e)
        {
            return [Finding.Problem(Area, "unavailable", e.Message, "Start it, or correct DATABASE_URL (olha config).")];
        }
    }

    static IEnumerable<Finding> Of(PostgresLook look, ServerOptions options)
    {
        yield return look.VersionNumber < PostgresInspection.Oldest
            ? Finding.Problem(Area, "version", $"PostgreSQL {look.Version} is older than what the server is tried on.",
                $"Upgrade it to {PostgresInspection.Oldest / 10000} or later.")
            : Finding.Ok(Area, "version", $"PostgreSQL {look.Version} answers in {look.RoundTrip.TotalMilliseconds:0.0} ms.");
        if (look.Encoding != "UTF8")
            yield return Finding.Problem(Area, "encoding", $"The database is encoded in {look.Encoding}.",
                "Make one with: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0");
        if (look.IsStandby)
            yield return Finding.Problem(Area, "standby", "It is a standby, which takes no writes.",
                "Name the primary in DATABASE_URL, or add target_session_attrs=primary.");
        if (!look.MayCreate)
            yield return look.Schema.Fit is SchemaFit.None
                ? Finding.Problem(Area, "rights", "This user may not make tables, which the first start has to.", "As the database's owner: GRANT CREATE ON SCHEMA public TO the user;")
                : Finding.Warning(Area, "rights", "This user may not make tables, which an upgrade needs.", "As the database's owner: GRANT CREATE ON SCHEMA public TO the user;");
        if (look.IsUnfinishedCopy)
            yield return Finding.Problem(Area, "unfinished_move", "It is the unfinished copy of a SQLite database, which no server opens.",
                "Run olha migrate again, which goes on where it stopped.");
        else yield return SchemaExam.Of(Area, look.Schema);

        var ahead = look.Ahead.Duration() - (look.RoundTrip / 2);
        yield return ahead > s_tolerable
            ? Finding.Warning("clock", "database", $"PostgreSQL's clock is {look.Ahead.Duration().TotalSeconds:0.0} s {(look.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.",
                "Let both follow a time server (NTP): times of several nodes are compared.")
            : Finding.Ok("clock", "database", "PostgreSQL's clock and this machine's agree.");
        yield return Connections(look, options);
    }

    static Finding Connections(PostgresLook look, ServerOptions options)
    {
        var each = PostgresInspection.MostOf(options.DatabaseUrl!, options.RedisUrl is not null);
        var others = look.Used - look.UsedByUs;
        var room = Math.Max(0, look.Connections - others - ForYou) / each;
        var text = $"A server has up to {each} connections; beside the {others:N0} of others there is room for {room} such servers ({look.Connections:N0} in all).";
        return room == 0
            ? Finding.Problem(Area, "connections", text, "Raise max_connections, or lower ?Maximum%20Pool%20Size= in DATABASE_URL.")
            : Finding.Ok(Area, "connections", text);
    }
}
