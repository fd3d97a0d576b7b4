using System.Diagnostics;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>F11: one node's clock is wrong.</summary>
/// <remarks>The clock is libfaketime's (https://github.com/wolfcw/libfaketime), which shifts what a program is told to be the time of day and
/// leaves the time that only rises alone, as a clock that was set wrongly does. The kernel's namespaces of time cannot: they shift all but
/// that one.</remarks>
internal sealed class ClockFault : IProof
{
    const string Library = "libfaketime.so.1";

    static readonly TimeSpan s_near = TimeSpan.FromSeconds(30);

    public string Name => "F11";

    public string Summary =>
        "Of two nodes one is ten minutes ahead, or a day behind. Every order is kept, whoever signed in on one node is signed in on the other, and every invariant holds.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var times = context.Full ? 10 : 1;
        TimeSpan[] shifts = [TimeSpan.FromMinutes(10), TimeSpan.FromDays(-1)];
        var (findings, done, broken, sessions, started) = (new List<string>(), 0, 0, 0, Stopwatch.GetTimestamp());
        await using var ground = await ClusterGround.MakeAsync(nodes: 2);
        var ran = await Circumstances.TakeAsync(context.Program, ground.Postgres.Url, ct);
        for (; done < times * shifts.Length && context.LeavesTime(started); done++)
        {
            // The wrong one is now the one that made everything, now the other.
            var (seed, shift, node) = (context.Seed + (ulong)done, shifts[done % shifts.Length], done / shifts.Length % 2);
            var look = new Look(node, shift);
            var plan = PlanMaker.Make(seed, new PlanOptions(Seconds: context.Full ? 20 : 5, Rate: 200, Faults: [look.Name]));
            var (_, violations) = await Check.RunOnClusterAsync(plan, context.Program, ground, ct, it => it with
            {
                Faults = [look],
                VariablesOf = number => number == node ? Wrong(shift) : new Dictionary<string, string>(),
            });
            if (violations.Count + look.Findings.Count > 0) broken++;
            sessions += look.Sessions;
            findings.AddRange(look.Findings.Concat(violations.Select(static it => $"I{it.Invariant}: {it.Said}")).Select(it => $"Seed {seed}, node {node} {Words(shift)}: {it}"));
            context.Log($"seed {seed}: node {node} {Words(shift)}: {violations.Count} violations");
        }
        return new(Name, Summary, "runs", 20, done, context.Seed,
            [
                Demand.AtMost("of them broke an invariant or a session", broken, "runs", 0),
                Demand.Figure("sessions that began on one node and were used on the other", sessions, "sessions"),
            ],
            findings, $"The clock is {Library}'s. That it is wrong is seen in the Date of the node's answers.", Ran: ran);
    }

    static Dictionary<string, string> Wrong(TimeSpan shift) => new()
    {
        ["LD_PRELOAD"] = Directory.EnumerateFiles("/usr/lib", Library, SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new ProofException("libfaketime is missing: script/setup faults installs it."),
        ["FAKETIME"] = FormattableString.Invariant($"{(shift < TimeSpan.Zero ? "" : "+")}{shift.TotalSeconds:0}"),
        // With its mending of waits for a time, which is on by itself, they end at once.
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["DONT_FAKE_MONOTONIC"] = "1", ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", ["NO_FAKE_STAT"] = "1",
    };

    static string Words(TimeSpan shift) => shift > TimeSpan.Zero ? $"{shift.TotalMinutes:0} min ahead" : $"{-shift.TotalHours:0} h behind";

    /// <summary>Makes sure in the middle of a run that the clock is wrong, and signs in on each node for the other.</summary>
    sealed class Look(int node, TimeSpan shift) : IFault
    {
        public string Name => "clock";

        public List<string> Findings { get; } = [];

        public int Sessions { get; private set; }

        public async Task RunAsync(World world, CancellationToken ct)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            for (var number = 0; number < world.Nodes.Count; number++)
            {
                using var answer = await http.GetAsync(new Uri(world.Nodes[number].Address, "/health"), ct);
                var told = (answer.Headers.Date ?? throw new ProofException("The node tells no date.")) - DateTimeOffset.UtcNow;
                if ((told - (number == node ? shift : TimeSpan.Zero)).Duration() > s_near) throw new ProofException($"Node {number}'s clock is wrong by {told}.");
                await SignInAsync(world.Nodes[number].Address, world.Nodes[(number + 1) % world.Nodes.Count].Address, number, ct);
            }
        }

        async Task SignInAsync(Uri here, Uri there, int number, CancellationToken ct)
        {
            var body = JsonSerializer.Serialize(new SignInBody(PlanMaker.NameOf(0), Actor.Password, Bearer: true), ProtocolJson.Wire.SignInBody);
            try
            {
                var session = await Asking.AskAsync(HttpMethod.Post, here, "sessions", null, body, ProtocolJson.Wire.SessionAnswer, ct);
                await Asking.GetAsync(there, "session", session.Token!, ProtocolJson.Wire.SessionAnswer, ct);
                await Asking.GetAsync(here, "session", session.Token!, ProtocolJson.Wire.SessionAnswer, ct);
                Sessions++;
            }
            catch (ProofException refused)
            {
                Findings.Add($"a session that began on node {number}: {refused.Message}");
            }
        }
    }
}
