using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F5: Redis dies, hangs, throws out who listens, forgets everything, or falls silent.</summary>
internal sealed class RedisFault : IProof
{
    static readonly TimeSpan s_lag = TimeSpan.FromSeconds(3);
    static readonly TimeSpan s_presence = TimeSpan.FromSeconds(20);

    /// <summary>For so long after a strike deliveries count to it: a lost hint is found by then.</summary>
    static readonly TimeSpan s_after = TimeSpan.FromSeconds(3);

    public string Name => "F5";

    public string Summary =>
        "Two nodes, and Redis is killed, hangs, cuts off who listens, forgets everything, or falls silent on a connection that looks well. People go on talking "
        + "across the nodes within 3 s, who is connected is right again within 20 s, and nothing is lost, doubled or out of order.";

    /// <param name="Name">What happens.</param>
    /// <param name="Full">How often in the full form; a tenth of it in the short one.</param>
    /// <param name="Strike">Ends when Redis is well again.</param>
    /// <param name="Everybody">Whether people come and go meanwhile, and who is connected is looked at.</param>
    sealed record Kind(string Name, int Full, Func<ClusterGround, Random, CancellationToken, Task> Strike, bool Everybody = true)
    {
        public Latencies Heard { get; } = new();
        public int Done { get; set; }
    }

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var kinds = Kinds(context.Full);
        await using var ground = await ClusterGround.MakeAsync(nodes: 2);
        var (people, perSecond) = context.Full ? (200, 100) : (40, 40);
        await using var town = await Town.SettleAsync(context, ground, people, rooms: 5, perSecond, ct);
        var (ran, presence, started) = (await Circumstances.TakeAsync(context.Program, ground.DatabaseUrl, ct), TimeSpan.Zero, Stopwatch.GetTimestamp());
        await town.PresenceAsync("all came", ct);
        var quiet = town.Talk.Heard;
        foreach (var kind in kinds)
        {
            var times = context.Full ? kind.Full : kind.Full / 10;
            while (kind.Done < times && context.LeavesTime(started))
            {
                town.Talk.Heard = kind.Heard;
                if (kind.Everybody) await town.SendAwayAsync(people / 10, ct);
                await kind.Strike(ground, town.Chosen, ct);
                if (kind.Everybody && await town.PresenceAsync($"{kind.Name} {kind.Done + 1}", ct) is { } took && took > presence) presence = took;
                town.ComeBack();
                await Task.Delay(kind.Everybody ? s_after : s_after / 3, ct);
                town.Talk.Heard = quiet;
                kind.Done++;
                if (kind.Done % 10 == 0 || kind.Done == times)
                    context.Log($"{kind.Name} {kind.Done} of {times}: deliveries p99 {kind.Heard.Quantile(0.99):0} ms; who is connected, longest so far {presence.TotalSeconds:0.0} s");
            }
        }
        await town.EndAsync(ct);
        var findings = town.Talk.Findings.ToList();
        var runs = await CheckedRuns.RunAsync(context, context.Full ? 10 : 1, [.. ClusterStrikes.OfRedis.Select(static it => it.Name)], findings, ct, ground);
        return new(Name, Summary, "strikes", kinds.Sum(static it => it.Full), kinds.Sum(static it => it.Done), context.Seed,
            [
                .. kinds.Select(kind => Demand.AtMost($"deliveries while Redis {kind.Name} ({kind.Done} times), p99", kind.Heard.Quantile(0.99) / 1000, "s", s_lag.TotalSeconds, context.Full)),
                Demand.AtMost("until who is connected is right on both nodes, longest", presence.TotalSeconds, "s", s_presence.TotalSeconds, context.Full),
                Demand.Figure("deliveries meanwhile", kinds.Sum(static it => it.Heard.Count), "deliveries"),
                Demand.Figure("deliveries without a fault, p99", quiet.Quantile(0.99), "ms"),
                Demand.Figure("posts, each acknowledged and stored once", town.Talk.Posts, "posts"),
                runs,
            ],
            findings, $"{people} people on two nodes, {perSecond} posts a second; a tenth of them is away during each fault but for the cutting off.", Ran: ran);
    }

    static Kind[] Kinds(bool full) =>
    [
        new("is killed", 50, async static (ground, chosen, ct) =>
        {
            await ground.Redis.KillAsync();
            await Task.Delay(chosen.Next(3000), ct); // the fault itself
            await ground.Redis.StartAsync();
        }),
        new("hangs", 10, async (ground, _, ct) =>
        {
            ground.Redis.Signal("STOP");
            await Task.Delay(TimeSpan.FromSeconds(full ? 60 : 8), ct);
            ground.Redis.Signal("CONT");
        }),
        new("cuts off who listens", 200, static async (ground, chosen, ct) =>
        {
            await ground.Redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await Task.Delay(chosen.Next(500), ct);
        }, Everybody: false),
        new("forgets everything", 20, static (ground, _, _) => ground.Redis.CommandAsync("FLUSHALL")),
        new("falls silent", 20, static async (ground, chosen, ct) =>
        {
            var node = chosen.Next(ground.ToRedis.Count);
            if (ground.ToRedis[node].Silence("SUBSCRIBE") == 0) throw new ProofException($"Node {node} has no subscription that could fall silent.");
            await Task.Delay(TimeSpan.FromSeconds(8), ct); // by then it must have been built anew
        }),
    ];
}
