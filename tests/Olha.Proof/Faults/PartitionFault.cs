using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F7: nodes are parted from Redis, from PostgreSQL or from both, one way or both ways, and clients from the nodes.</summary>
internal sealed class PartitionFault : IProof
{
    /// <summary>Clusters of their own that are parted side by side: most of the time everybody waits.</summary>
    const int AtATime = 4;

    public string Name => "F7";

    public string Summary =>
        "Two nodes on a net that breaks: between a node and Redis, PostgreSQL or both, outward, back or both ways, in silence or with a reset, and around clients; "
        + "what waited in a silent net comes when it is whole again. Ten seconds after it is, everybody holds what there is, and every invariant holds.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var (seeds, seconds) = context.Full ? (20, 360) : (2, 20);
        var (gate, next, started) = (new Lock(), 0, Stopwatch.GetTimestamp());
        var (findings, done, broken) = (new List<string>(), 0, 0);
        var tally = (Acknowledged: 0, Unknown: 0, Refused: 0, Resumed: 0);
        RanOn? ran = null;
        await Task.WhenAll(Enumerable.Range(0, context.Full ? AtATime : 1).Select(_ => SomeAsync()));

        async Task SomeAsync()
        {
            await using var ground = await ClusterGround.MakeAsync(nodes: 2);
            var here = await Circumstances.TakeAsync(context.Program, ground.Postgres.Url, ct);
            lock (gate) ran ??= here;
            while (context.LeavesTime(started) && Interlocked.Increment(ref next) is var number && number <= seeds)
            {
                var seed = context.Seed + (ulong)number - 1;
                // One begins every three seconds or so; they come one after the other.
                var plan = PlanMaker.Make(seed, new PlanOptions(seconds, Rate: 60, Faults: [.. Enumerable.Repeat("partition", seconds / 3)]));
                var (run, violations) = await Check.RunOnClusterAsync(plan, context.Program, ground, ct, static it => it with { RevocationLag = CheckedRuns.LagUnderFaults });
                var of = Tally.Of(run);
                lock (gate)
                {
                    done++;
                    if (violations.Count > 0) broken++;
                    findings.AddRange(violations.Select(it => $"Seed {seed}: I{it.Invariant}: {it.Said}"));
                    tally = (tally.Acknowledged + of.Acknowledged, tally.Unknown + of.Unknown, tally.Refused + of.Refused, tally.Resumed + of.Resumed);
                    context.Log($"seed {seed}, {done} of {seeds}: {violations.Count} violations; {of}");
                    foreach (var it in violations.Take(3)) context.Log($"  I{it.Invariant}: {it.Said}");
                }
            }
        }

        return new(Name, Summary, "seeds", 20, done, context.Seed,
            [
                Demand.AtMost("of them broke an invariant", broken, "seeds", 0),
                Demand.Figure("seconds of each", seconds, "s"),
                Demand.Figure("posts acknowledged", tally.Acknowledged, "posts"),
                Demand.Figure("posts whose outcome stayed unknown", tally.Unknown, "posts"),
                Demand.Figure("answers that were a refusal", tally.Refused, "answers"),
                Demand.Figure("sockets that came back", tally.Resumed, "sockets"),
            ],
            findings, Ran: ran);
    }
}
