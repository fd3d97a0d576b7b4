using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>F12: a backup while people post, and its restoring.</summary>
internal sealed class BackupFault : IProof
{
    const double PerSecond = 500;
    const int People = 5;
    const double Slower = 2;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public string Name => "F12";

    public string Summary =>
        "A backup at 500 posts a second, then kill -9 and its restoring. Every backup holds what was acknowledged before it began, whole and in order, and nothing else; "
        + "posts are acknowledged as before meanwhile; the restored server has a new epoch, and people go on with it.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var (rounds, weight) = context.Full ? (20, 400_000) : (2, 20_000);
        var tally = new Tally();
        var (started, done) = (Stopwatch.GetTimestamp(), 0);
        for (; done < rounds && context.LeavesTime(started); done++)
        {
            await RoundAsync(context, weight, context.Seed + (ulong)done, tally, ct);
            context.Log($"backup {done + 1} of {rounds}: {tally.Took[^1].TotalSeconds:0.00} s, {tally.Lost[^1]} posts came after it, {tally.Findings.Count} findings");
        }
        var backups = await CheckedRuns.RunAsync(context, context.Full ? 4 : 1, ["backup", "backup"], tally.Findings, ct);
        var restores = await CheckedRuns.RunAsync(context, context.Full ? 4 : 1, ["backup", "restore"], tally.Findings, ct);
        var (before, during) = (Quantile(tally.Before), Quantile(tally.During));
        return new(Name, Summary, "rounds", rounds, done, context.Seed,
            [
                Demand.AtMost("acknowledgements while a backup is made, p99, to those before", during / Math.Max(0.001, before), "times", Slower, context.Full),
                Demand.Figure("acknowledgements before a backup, p99", before, "ms"),
                Demand.Figure("acknowledgements while a backup is made, p99", during, "ms"),
                Demand.Figure("acknowledgements while backups were made", tally.During.Count, "posts"),
                Demand.Figure("a backup, verified, longest", tally.Took.Max().TotalSeconds, "s"),
                Demand.Figure("size of the last backup", tally.Bytes / 1048576.0, "MiB"),
                Demand.Figure("posts that came after their backup and so went with the restoring", tally.Lost.Sum(), "posts"),
                Demand.Figure("posts in restored servers that had been acknowledged", tally.Held, "posts"),
                backups with { What = $"{backups.What} (a backup)" },
                restores with { What = $"{restores.What} (a restoring of all there was)" },
            ],
            tally.Findings);
    }

    static async Task RoundAsync(ProofContext context, int weight, ulong seed, Tally tally, CancellationToken ct)
    {
        using var ground = new Ground(context.Folder);
        var file = Path.Combine(ground.Folder, "backup.db");
        var conversation = new Conversation();
        await using var node = new Node(ground.Options(context.Program));
        await node.StartAsync(ct);
        var epoch = await WeighAsync(node, weight, ct);
        using var crowd = await Talkers.GatherAsync(node.Address, People, conversation, ct);
        crowd.Begin(PerSecond, number => PostsRecorded.Words(seed, number), ct);
        await Ground.UntilAsync(() => conversation.AckCount > PerSecond / 2, s_patience, "posts before a backup", ct);

        // As long as a backup takes, posts are looked at without one; then with one.
        var quiet = Stopwatch.GetTimestamp();
        await Task.Delay(tally.Took.Count == 0 ? TimeSpan.FromSeconds(1) : tally.Took[^1], ct);
        var acked = conversation.Everything.Where(static it => it.Ack is not null).ToList();
        var began = Stopwatch.GetTimestamp();
        await BackupStrike.BackUpAsync(node, file, ct);
        var ended = Stopwatch.GetTimestamp();
        tally.Before.AddRange(conversation.Acks.Where(it => it.At >= quiet && it.At < began).Select(static it => it.Waited.TotalMilliseconds));
        tally.During.AddRange(conversation.Acks.Where(it => it.At >= began && it.At < ended).Select(static it => it.Waited.TotalMilliseconds));
        tally.Took.Add(Stopwatch.GetElapsedTime(began, ended));
        tally.Bytes = new FileInfo(file).Length;

        var last = Books.LastSeq(file, roomId: 1);
        tally.Findings.AddRange(acked.Where(it => it.Ack!.Seq > last).Select(it => $"Seed {seed}: {it.Cid}, acknowledged as {it.Ack!.Seq} before the backup began, is not in it: it ends at {last}"));
        await Task.Delay(300, ct); // something has to be said after it
        await node.KillAsync();
        var said = conversation.Everything;
        // What nobody was told of may be in it.
        List<Saying> held = [.. said.Where(it => it.Ack is null || it.Ack.Seq <= last)], lost = [.. said.Where(it => it.Ack?.Seq > last)];
        tally.Findings.AddRange(Books.Audit(file, held).Select(it => $"Seed {seed}, the backup: {it}"));
        tally.Held += held.Count(static it => it.Ack is not null);
        tally.Lost.Add(lost.Count);

        await RestoreAsync(node, file, epoch, seed, tally, ct);
        var before = conversation.AckCount;
        await Ground.UntilAsync(() => conversation.AckCount > before + 100, s_patience, "posts after the restoring", ct);
        await crowd.EndAsync(ct);
        if ((await node.StopAsync()).Code is not 0 and var code) tally.Findings.Add($"Seed {seed}: the program ended with {code}: {node.Complained}");
        tally.Findings.AddRange(Books.Audit(ground.CopyOf(ground.Database), [.. conversation.Everything.Except(lost)]).Select(it => $"Seed {seed}, restored: {it}"));
        tally.Findings.AddRange(conversation.Complaints.Select(it => $"Seed {seed}: {it}"));
    }

    static async Task RestoreAsync(Node node, string file, Epoch held, ulong seed, Tally tally, CancellationToken ct)
    {
        var (code, answer) = await node.CommandAsync(ct, "restore", file, "--replace");
        if (code != 0) throw new ProofException($"olha restore ended with {code}: {answer}");
        await node.StartAsync(ct);
        var now = await Asking.GetAsync(node.Address, "state", held.Token, ProtocolJson.Wire.Welcome, ct);
        if (now.Epoch == held.Value) tally.Findings.Add($"Seed {seed}: the restored server is in the epoch of before");
    }

    // A room that nobody is in, so that the backup takes a while. Somebody who is there before gets the epoch.
    static async Task<Epoch> WeighAsync(Node node, int weight, CancellationToken ct)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(new SignUpBody("watcher", Actor.Password, Bearer: true), ProtocolJson.Wire.SignUpBody);
        var watcher = await Asking.AskAsync(HttpMethod.Post, node.Address, "users", null, body, ProtocolJson.Wire.SessionAnswer, ct);
        var state = await Asking.GetAsync(node.Address, "state", watcher.Token!, ProtocolJson.Wire.Welcome, ct);
        await node.KillAsync();
        using (var connection = Books.Open(node.DatabaseFile))
        {
            Books.List(connection, $"""
                INSERT INTO rooms (kind, name, creator_id, created_at, last_seq, rev, last_rev) VALUES ('closed', 'weight', 1, 0, {weight}, 1, {weight + 1})
                """, static _ => 0);
            Books.List(connection, $"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {weight})
                INSERT INTO messages (room_id, seq, rev, author_id, kind, body, created_at)
                SELECT (SELECT max(id) FROM rooms), i, i + 1, 1, 'system', hex(randomblob(60)), 1756384496000 + i FROM n
                """, static _ => 0);
        }
        await node.StartAsync(ct);
        return new(state.Epoch, watcher.Token!);
    }

    static double Quantile(List<double> of) => of.Count == 0 ? 0 : of.Order().ElementAt((int)(0.99 * (of.Count - 1)));

    /// <summary>What somebody holds of a server.</summary>
    sealed record Epoch(string Value, string Token);

    /// <summary>What has come together.</summary>
    sealed class Tally
    {
        public List<string> Findings { get; } = [];
        public List<double> Before { get; } = [];
        public List<double> During { get; } = [];
        public List<TimeSpan> Took { get; } = [];
        public List<int> Lost { get; } = [];
        public int Held { get; set; }
        public long Bytes { get; set; }
    }
}
