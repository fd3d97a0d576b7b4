using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Olha.Proof;

/// <summary>F4: another program holds the database's write lock.</summary>
internal sealed class LockFault : IProof
{
    static readonly TimeSpan s_answered = TimeSpan.FromSeconds(6);

    /// <summary>How long an acknowledgement of what was stored before the lock may be on its way; whoever acknowledges without storing goes on after it.</summary>
    static readonly TimeSpan s_travel = TimeSpan.FromSeconds(1);

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public string Name => "F4";

    public string Summary =>
        "Another program holds the write lock for 30 s. Every post is answered within 6 s (unavailable, try again), none is lost, and it goes on by itself.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var (rounds, held) = context.Full ? (20, TimeSpan.FromSeconds(30)) : (1, TimeSpan.FromSeconds(7));
        var findings = new List<string>();
        var (slowest, longest, refused, done) = (TimeSpan.Zero, TimeSpan.Zero, 0, 0);
        using var ground = new Ground(context.Folder);
        var conversation = new Conversation();
        await using (var node = new Node(ground.Options(context.Program)))
        {
            await node.StartAsync(ct);
            using var crowd = await Talkers.GatherAsync(node.Address, people: 3, conversation, ct);
            crowd.Begin(perSecond: 60, number => PostsRecorded.Words(context.Seed, number), ct);
            var started = Stopwatch.GetTimestamp();
            for (; done < rounds && context.LeavesTime(started); done++)
            {
                var acked = conversation.AckCount;
                await Ground.UntilAsync(() => conversation.AckCount > acked + 20, s_patience, "posts without a lock", ct);
                var (began, released) = await HoldAsync(ground.Database, held, ct);
                await Ground.UntilAsync(() => conversation.UntilAck(released) is not null, s_patience, "posts after the lock is gone", ct);

                var noes = conversation.Refusals.Where(it => it.At >= began).ToList();
                refused += noes.Count;
                longest = Max(longest, conversation.UntilAck(released)!.Value);
                slowest = Max(slowest, noes.Select(static it => it.Waited).Concat(conversation.Acks.Where(it => it.At >= began).Select(static it => it.Waited)).Max());
                if (noes.Count == 0) findings.Add($"Round {done}: nobody was refused while the lock was held for {held.TotalSeconds:0} s");
                foreach (var ack in conversation.Acks.Where(it => it.At > began + (s_travel.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond) && it.At < released))
                    findings.Add($"Round {done}: acknowledged {Stopwatch.GetElapsedTime(began, ack.At).TotalSeconds:0.00} s after the lock was taken by another");
                context.Log($"lock {done + 1} of {rounds}: {noes.Count} refused, slowest answer so far {slowest.TotalSeconds:0.00} s");
            }
            await crowd.EndAsync(ct);
            await node.StopAsync();
        }
        findings.AddRange(Books.Audit(ground.CopyOf(ground.Database), conversation));
        var runs = await CheckedRuns.RunAsync(context, context.Full ? 4 : 1, ["lock"], findings, ct);
        return new(Name, Summary, "locks", rounds, done, context.Seed,
            [
                Demand.AtMost("slowest answer to a post", slowest.TotalSeconds, "s", s_answered.TotalSeconds),
                Demand.AtMost("from the lock's end to the next acknowledgement, longest", longest.TotalSeconds, "s", 5),
                Demand.Figure("posts acknowledged", conversation.AckCount, "posts"),
                Demand.Figure("refused while the lock was held, and acknowledged later", refused, "answers"),
                runs,
            ],
            findings.Distinct().ToList());
    }

    static async Task<(long Began, long Released)> HoldAsync(string database, TimeSpan time, CancellationToken ct)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        // Waits for its turn: the server writes all the time.
        await using var transaction = connection.BeginTransaction(deferred: false);
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(time, ct); // the fault itself
        var released = Stopwatch.GetTimestamp();
        transaction.Rollback();
        return (began, released);
    }

    static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
