using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F10: the nodes are restarted one after the other, as an upgrade does, while people talk.</summary>
internal sealed class RollingRestart : IProof
{
    static readonly TimeSpan s_exit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_resumed = TimeSpan.FromSeconds(5);

    public string Name => "F10";

    public string Summary =>
        "Two nodes are restarted in turn while a thousand people talk. Each ends within 10 s; its clients come back to the other one and have what they missed within 5 s; "
        + "nobody is shown an error, and nothing is lost, doubled or out of order.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var (rounds, people, perSecond) = context.Full ? (50, 1000, 200) : (5, 200, 40);
        await using var ground = await ClusterGround.MakeAsync(nodes: 2);
        await using var town = await Town.SettleAsync(context, ground, people, rooms: people / 50, perSecond, ct);
        var (ran, done, exits, readies, started) = (
            await Circumstances.TakeAsync(context.Program, ground.DatabaseUrl, ct), 0, new List<TimeSpan>(), new List<TimeSpan>(), Stopwatch.GetTimestamp());
        town.Talk.Resumed = new Latencies();
        town.Talk.Acknowledged = new Latencies();
        for (; done < rounds && context.LeavesTime(started); done++)
        {
            foreach (var node in town.Community.Nodes)
            {
                var (code, took) = await node.StopAsync();
                exits.Add(took);
                if (code != 0) town.Talk.Find($"Round {done + 1}: a node ended with {code}: {node.Complained}");
                await town.Crowd.GatherAsync(TimeSpan.FromSeconds(30), ct);
                readies.Add(await node.StartAsync(ct));
                await Task.Delay(1000, ct); // as long as a load balancer takes to see it
            }
            context.Log($"round {done + 1} of {rounds}: exit {exits.Max().TotalSeconds:0.0} s at the most, back p99 {town.Talk.Resumed.Quantile(0.99) / 1000:0.0} s, {town.Talk.Findings.Count} errors");
        }
        await town.EndAsync(ct);
        var findings = town.Talk.Findings.ToList();
        var runs = await CheckedRuns.RunAsync(context, context.Full ? 10 : 1, ["roll"], findings, ct, ground);
        return new(Name, Summary, "rounds", 50, done, context.Seed,
            [
                Demand.AtMost("until a node has ended, longest", exits.DefaultIfEmpty().Max().TotalSeconds, "s", s_exit.TotalSeconds, context.Full),
                Demand.AtMost("from the end of a connection until its client is back and has what it missed, p99", town.Talk.Resumed.Quantile(0.99) / 1000, "s", s_resumed.TotalSeconds, context.Full),
                Demand.AtMost("errors that a person would see", town.Talk.Findings.Count, "errors", 0),
                Demand.Figure("connections that came back", town.Talk.Resumed.Count, "connections"),
                Demand.Figure("until a node was ready, longest", readies.DefaultIfEmpty().Max().TotalSeconds, "s"),
                Demand.Figure("acknowledgements, p99", town.Talk.Acknowledged.Quantile(0.99), "ms"),
                Demand.Figure("acknowledgements, longest", town.Talk.Acknowledged.Quantile(1), "ms"),
                Demand.Figure("posts, each acknowledged and stored once", town.Talk.Posts, "posts"),
                runs,
            ],
            findings, $"{people} people on two nodes, {perSecond} posts a second. Errors are: a post refused for good, a socket sent away for good, a device that is not back after 30 s.", Ran: ran);
    }
}
