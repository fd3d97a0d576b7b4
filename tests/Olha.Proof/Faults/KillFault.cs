using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F1: kill -9 while people post, and during starts.</summary>
internal sealed class KillFault : IProof
{
    const double PerSecond = 500;
    const int People = 5;

    /// <summary>A file gets so many kills; then comes a fresh one, killed in its first start first.</summary>
    const int KillsAFile = 25;

    static readonly TimeSpan s_ready = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public string Name => "F1";

    public string Summary =>
        "kill -9 at 500 posts a second and during starts, the first one of a fresh file included. Every file is sound, the server is ready within 2 s, nothing acknowledged is lost or doubled.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var kills = context.Full ? 200 : 6;
        var tally = new KillTally();
        var random = new Random(unchecked((int)context.Seed));
        var started = Stopwatch.GetTimestamp();
        while (tally.Kills < kills && context.LeavesTime(started))
        {
            using var ground = new Ground(context.Folder);
            await FileAsync(ground, context, Math.Min(kills, tally.Kills + (context.Full ? KillsAFile : kills)), random, tally, ct);
            context.Log($"{tally.Kills} of {kills} kills, {tally.Acknowledged} posts acknowledged");
        }

        var runs = await CheckedRuns.RunAsync(context, context.Full ? 6 : 1, context.Full ? ["kill", "kill", "kill"] : ["kill"], tally.Findings, ct);
        var ready = tally.Ready.Order().ToList();
        return new(Name, Summary, "kills", kills, tally.Kills, context.Seed,
            [
                Demand.AtMost("ready after a kill, 95th percentile", ready[(int)(0.95 * (ready.Count - 1))].TotalSeconds, "s", s_ready.TotalSeconds, context.Full),
                Demand.Figure("of them during a start", tally.InStarts, "kills"),
                Demand.Figure("posts acknowledged", tally.Acknowledged, "posts"),
                Demand.Figure("posts acknowledged a second while there was a server", tally.Acknowledged / Math.Max(0.001, tally.Talked.TotalSeconds), "posts/s"),
                Demand.Figure("posts under way when the server was killed, all asked again", tally.UnderWay, "posts"),
                runs,
            ],
            tally.Findings);
    }

    static async Task FileAsync(Ground ground, ProofContext context, int until, Random random, KillTally tally, CancellationToken ct)
    {
        var conversation = new Conversation();
        var node = new Node(ground.Options(context.Program));
        await using (node)
        {
            var start = await StartKilledAsync(node, ground, random.NextDouble(), null, tally, ct);
            using var crowd = await Talkers.GatherAsync(node.Address, People, conversation, ct);
            crowd.Begin(PerSecond, number => PostsRecorded.Words((ulong)number % 7, number % 50), ct);
            while (tally.Kills < until)
            {
                var (before, began) = (conversation.AckCount, Stopwatch.GetTimestamp());
                await Ground.UntilAsync(() => conversation.AckCount > before + 20, s_patience, "posts after a start", ct);
                await Task.Delay(random.Next(50, 900), ct); // the seeded moment
                await node.KillAsync();
                tally.Kill(conversation, Stopwatch.GetElapsedTime(began));
                Look(ground, tally, $"seed {context.Seed}, kill {tally.Kills}", conversation);
                // Every fourth time its next start, with a log to recover, does not get to its end either.
                if (tally.Kills < until && random.Next(4) == 0) await StartKilledAsync(node, ground, random.NextDouble(), start, tally, ct);
                else tally.Ready.Add(await node.StartAsync(ct));
            }
            await crowd.EndAsync(ct);
            tally.Acknowledged += conversation.AckCount;
            if ((await node.StopAsync()).Code is not 0 and var code) tally.Findings.Add($"The program ended with {code}: {node.Complained}");
        }
        tally.Findings.AddRange(Books.Audit(ground.CopyOf(ground.Database), conversation).Select(it => $"Seed {context.Seed}, after kill {tally.Kills}: {it}"));
    }

    // Kills a start when this part of it has gone by, and then lets one get to its end. How long one takes usually is tried first, on
    // files that are thrown away, when nobody knows it yet.
    static async Task<TimeSpan> StartKilledAsync(Node node, Ground ground, double at, TimeSpan? usual, KillTally tally, CancellationToken ct)
    {
        if (usual is null)
        {
            usual = await node.StartAsync(ct);
            await node.KillAsync();
            foreach (var file in Directory.GetFiles(ground.Data)) File.Delete(file);
        }
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var starting = node.StartAsync(cut.Token);
        await Task.WhenAny(starting, Task.Delay(usual.Value * at, ct)); // the seeded moment
        await node.KillAsync();
        await cut.CancelAsync();
        try { await starting; }
        catch (Exception exception) when (exception is OperationCanceledException or ProofException) { } // it was killed
        tally.Kills++;
        tally.InStarts++;
        var ready = await node.StartAsync(ct);
        tally.Ready.Add(ready);
        return usual.Value;
    }

    // A copy: to recover it is the server's to do. What was acknowledged by now is in it, whatever comes.
    static void Look(Ground ground, KillTally tally, string when, Conversation conversation)
    {
        var copy = ground.CopyOf(ground.Database);
        tally.Findings.AddRange(Books.Audit(copy, conversation).Select(it => $"{when}: {it}"));
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
    }

    /// <summary>What has come together.</summary>
    sealed class KillTally
    {
        public List<string> Findings { get; } = [];
        public List<TimeSpan> Ready { get; } = [];
        public int Kills { get; set; }
        public int InStarts { get; set; }
        public int Acknowledged { get; set; }
        public int UnderWay { get; private set; }
        public TimeSpan Talked { get; private set; }

        public void Kill(Conversation conversation, TimeSpan talked)
        {
            Kills++;
            Talked += talked;
            UnderWay += conversation.Everything.Count(static it => it.Ack is null);
        }
    }
}
