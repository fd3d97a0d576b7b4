using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F6: PostgreSQL dies, hangs, or throws out who is connected.</summary>
internal sealed class PostgresFault : IProof
{
    static readonly TimeSpan s_resumed = TimeSpan.FromSeconds(5);

    public string Name => "F6";

    public string Summary =>
        "Two nodes, and PostgreSQL is killed, hangs for 30 s, or ends the nodes' connections. No socket is closed, posts are acknowledged on both nodes within 5 s after "
        + "it is back, and nothing acknowledged is lost, doubled or out of order.";

    sealed record Kind(string Name, int Full, Func<ClusterGround, Random, CancellationToken, Task> Strike)
    {
        public List<TimeSpan> Resumed { get; } = [];
    }

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var kinds = Kinds(context.Full);
        await using var ground = await ClusterGround.MakeAsync(nodes: 2);
        var (people, perSecond) = context.Full ? (200, 100) : (40, 40);
        await using var town = await Town.SettleAsync(context, ground, people, rooms: 5, perSecond, ct);
        var (ran, started, done) = (await Circumstances.TakeAsync(context.Program, ground.DatabaseUrl, ct), Stopwatch.GetTimestamp(), 0);
        foreach (var kind in kinds)
        {
            var times = context.Full ? kind.Full : kind.Full / 10;
            for (var time = 1; time <= times && context.LeavesTime(started); time++, done++)
            {
                await Task.Delay(town.Chosen.Next(200), ct); // the seeded moment
                await kind.Strike(ground, town.Chosen, ct);
                if (await town.AcknowledgesAsync($"PostgreSQL {kind.Name}, time {time}", ct) is { } took) kind.Resumed.Add(took);
                if (time % 10 == 0 || time == times) context.Log($"PostgreSQL {kind.Name}, {time} of {times}: posts go on after {kind.Resumed.DefaultIfEmpty().Max().TotalSeconds:0.00} s at the latest");
            }
        }
        await town.EndAsync(ct);
        var closed = town.Crowd.Clients.Sum(static it => it.Comings - 1);
        var findings = town.Talk.Findings.ToList();
        var runs = await CheckedRuns.RunAsync(context, context.Full ? 10 : 1, [.. ClusterStrikes.OfPostgres.Select(static it => it.Name)], findings, ct, ground);
        return new(Name, Summary, "strikes", kinds.Sum(static it => it.Full), done, context.Seed,
            [
                .. kinds.Select(kind => Demand.AtMost(
                    $"after it {kind.Name} ({kind.Resumed.Count} times), until both nodes acknowledge again, longest", kind.Resumed.DefaultIfEmpty().Max().TotalSeconds, "s",
                    s_resumed.TotalSeconds, context.Full)),
                Demand.AtMost("sockets that were closed meanwhile", closed, "sockets", 0),
                Demand.Figure("acknowledgements, p99", town.Talk.Acknowledged.Quantile(0.99), "ms"),
                Demand.Figure("posts, each acknowledged and stored once", town.Talk.Posts, "posts"),
                runs,
            ],
            findings, $"{people} people on two nodes, {perSecond} posts a second.", Ran: ran);
    }

    static Kind[] Kinds(bool full) =>
    [
        new("was killed", 20, static async (ground, chosen, ct) =>
        {
            await ground.Postgres.KillAsync();
            await Task.Delay(chosen.Next(3000), ct); // the fault itself
            await ground.Postgres.StartAsync();
        }),
        // Now all, now some, in the middle of what they do.
        new("ended connections", 500, static (ground, chosen, _) => ground.Postgres.TerminateAsync(ground.Database, chosen.Next(2) == 0 ? 1000 : 1 + chosen.Next(6))),
        new("hung", 10, async (ground, _, ct) =>
        {
            ground.Postgres.Signal("STOP");
            await Task.Delay(TimeSpan.FromSeconds(full ? 30 : 8), ct);
            ground.Postgres.Signal("CONT");
        }),
    ];
}
