using System.Diagnostics;
using Npgsql;

namespace Olha.Proof;

/// <summary>F9: thousands are cut off at once and all come back at once.</summary>
internal sealed class ReconnectHerd : IProof
{
    /// <summary>They are never cut off: they talk meanwhile, and their waiting is what the herd costs the others.</summary>
    const int Bystanders = 20;
    const int RoomSize = 50;

    static readonly TimeSpan s_away = TimeSpan.FromSeconds(3);

    public string Name => "F9";

    public string Summary =>
        "Everybody is cut off in the same moment, as when a router or a proxy restarts, and all come back together with what they hold, while some "
        + "others talk on. All must soon have what they missed, once and in order; what was being sent when the line broke is there once; and the talk of the others goes on.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var herd = context.Full ? 5000 : 500;
        var talk = new Talk(bodyBytes: 60);
        var coming = new Gate(open: true);
        await using var community = await Community.FoundAsync(context, herd + Bystanders, rooms: herd / RoomSize, ct);
        await using var crowd = new Crowd(community, talk, [.. Enumerable.Range(0, herd + Bystanders).Select(i =>
            i < herd ? new LightClient(community, i, talk) { Measures = false, Coming = coming } : new LightClient(community, i, talk))]);
        var began = Stopwatch.GetTimestamp();
        if (!await crowd.GatherAsync(TimeSpan.FromSeconds(120), ct)) return Told(context, herd, 0, talk, []);
        context.Log($"{herd} came in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");

        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var last = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var (choice, others) = (new Random((int)context.Seed), new Random((int)context.Seed + 1));
        // One in five is said in General, which all of them miss.
        var beside = Talk.PaceAsync(20, () => Say(crowd.Clients[herd + others.Next(Bystanders)], others), quiet.Token);
        var within = Talk.PaceAsync(50, () => Say(crowd.Clients[choice.Next(herd)], choice), last.Token);
        await Task.Delay(context.Full ? 10_000 : 2000, ct);
        var (alone, heardAlone) = Renew(talk);

        coming.Shut();
        foreach (var client in crowd.Clients.Take(herd)) client.Cut(); // in the middle of what they are saying
        await last.CancelAsync();
        await within;
        await Task.Delay(s_away, ct);
        var counted = await ReadsAsync(context, ct);
        var cpu = ProcessFigures.Read(community.Node.ProcessId).CpuSeconds;
        Renew(talk);

        began = Stopwatch.GetTimestamp();
        coming.Open();
        await crowd.GatherAsync(TimeSpan.FromSeconds(120), ct);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        cpu = ProcessFigures.Read(community.Node.ProcessId).CpuSeconds - cpu;
        var reads = await ReadsAsync(context, ct) - counted;
        var (during, heardDuring) = Renew(talk);
        context.Log($"{herd} are back after {took:0.0} s");

        await quiet.CancelAsync();
        await beside;
        await crowd.JudgeAsync(context.Folder, context.DatabaseUrl, TimeSpan.FromSeconds(60), ct);
        return Told(context, herd, herd, talk,
        [
            Demand.AtMost("until the last is back and has what it missed", took, "s", 45, context.Full),
            Demand.Figure("clients back a second", herd / took, "clients/s"),
            Demand.Figure("posts, each acknowledged and stored once", talk.Posts, "posts"),
            Demand.Figure("the server's CPU while they come back", cpu, "s"),
            Demand.Figure("others' acknowledgements before, p99", alone.Quantile(0.99), "ms"),
            Demand.Figure("others' acknowledgements meanwhile, p99", during.Quantile(0.99), "ms"),
            Demand.Figure("others' deliveries before, p99", heardAlone.Quantile(0.99), "ms"),
            Demand.Figure("others' deliveries meanwhile, p99", heardDuring.Quantile(0.99), "ms"),
            Demand.Figure("reads of missed messages", reads, "reads"),
            reads is { } read
                ? Demand.AtMost("reads of missed messages a room and 100 ms", read / (herd / RoomSize + 1) / Math.Max(1, took * 10), "reads", 1, context.Full)
                : new Demand("reads of missed messages a room and 100 ms", null, "reads", "at most 1"),
        ]);

        void Say(LightClient client, Random random) => client.Say(random.Next(5) == 0 ? 1 : community.RoomOf(client.Number));
    }

    Part Told(ProofContext context, int herd, int back, Talk talk, IReadOnlyList<Demand> demands) => new(
        Name, Summary, "clients", 5000, back, context.Seed, demands, talk.Findings,
        $"{herd} people in {herd / RoomSize} rooms of {RoomSize} and all in General, away for {s_away.TotalSeconds:0} s; they come back without any jitter, which a real "
        + "client has. What each device holds at the end is compared with the database, message by message. "
        + (context.DatabaseUrl is null
            ? "SQLite does not tell what is read: run it with `--on postgres` to have that counted."
            : "Reads are those that PostgreSQL counted, of the statement that reads a room's changed messages."));

    static (Latencies Acknowledged, Latencies Heard) Renew(Talk talk)
    {
        var former = (talk.Acknowledged, talk.Heard);
        (talk.Acknowledged, talk.Heard) = (new Latencies(), new Latencies());
        return former;
    }

    // How often PostgreSQL has read a room's changed messages; null: it does not count, or it is SQLite.
    static async Task<double?> ReadsAsync(ProofContext context, CancellationToken ct)
    {
        if (context.DatabaseUrl is null) return null;
        await using var connection = new NpgsqlConnection(Databases.Settings(context.DatabaseUrl));
        await connection.OpenAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("""
                CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
                SELECT COALESCE(SUM(calls), 0)::float8 FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                WHERE d.datname = current_database() AND query LIKE '%FROM messages%rev > %ORDER BY rev%'
                """, connection);
            return (double?)await command.ExecuteScalarAsync(ct);
        }
        catch (PostgresException)
        {
            return null;
        }
    }
}
