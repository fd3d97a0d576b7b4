using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Olha.Proof;

/// <summary>What F1, F3, F4 and F12 do to the first node while the checker's devices do everything that people do.</summary>
internal static class Strikes
{
    public static IReadOnlyList<IFault> All { get; } = [new Kill(), new Lock(), new BadDisk("bad sync", "fsync,fdatasync", "EIO"), new BadDisk("no room", "pwrite64", "ENOSPC"),
        new BackupStrike(), new RestoreStrike()];

    /// <summary>kill -9, and up again.</summary>
    sealed class Kill : IFault
    {
        public string Name => "kill";

        public async Task RunAsync(World world, CancellationToken ct)
        {
            // On a cluster the nodes may be restarted in turn besides.
            var turns = world.Ground?.Turns;
            if (turns is not null) await turns.WaitAsync(ct);
            try
            {
                await world.Nodes[0].KillAsync();
                await world.Nodes[0].StartAsync(ct);
            }
            finally
            {
                turns?.Release();
            }
        }
    }

    /// <summary>A foreign write lock, longer than the server waits.</summary>
    sealed class Lock : IFault
    {
        public string Name => "lock";

        public async Task RunAsync(World world, CancellationToken ct)
        {
            await using var connection = new SqliteConnection($"Data Source={world.Nodes[0].DatabaseFile};Pooling=False");
            connection.Open();
            await using var transaction = connection.BeginTransaction(deferred: false);
            await Task.Delay(TimeSpan.FromSeconds(4), ct); // the fault itself
            await transaction.RollbackAsync(ct);
        }
    }

    /// <summary>For a second every call of a kind fails, all over the program's files.</summary>
    sealed class BadDisk(string name, string calls, string error) : IFault
    {
        // A process is traced by one at a time: where two strike at once the second comes after the first.
        static readonly SemaphoreSlim s_turns = new(1);

        public string Name => name;

        public async Task RunAsync(World world, CancellationToken ct)
        {
            await s_turns.WaitAsync(ct);
            try
            {
                await BreakAsync(world, ct);
            }
            finally
            {
                s_turns.Release();
            }
        }

        async Task BreakAsync(World world, CancellationToken ct)
        {
            var node = world.Nodes[0];
            using var strace = Process.Start(new ProcessStartInfo("strace",
            [
                "-f", "-qq", "-o", "/dev/null", "-e", $"trace={calls}", "-e", "signal=none", "-P", node.DatabaseFile, "-P", $"{node.DatabaseFile}-wal",
                "-e", $"inject={calls}:error={error}", "-p", $"{node.ProcessId}",
            ])
            { RedirectStandardError = true }) ?? throw new ProofException("strace does not start.");
            var complaint = strace.StandardError.ReadToEndAsync(ct);
            await Task.Delay(TimeSpan.FromSeconds(1), ct); // the fault itself
            using (var kill = Process.Start("kill", ["-INT", $"{strace.Id}"])) await kill.WaitForExitAsync(ct); // it lets go, and ends
            await strace.WaitForExitAsync(ct);
            // A thread that it caught in the middle of a call is one call behind: it says so, and goes on.
            var said = (await complaint).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.Contains("ptrace_syscall_info.op", StringComparison.Ordinal));
            if (string.Join('\n', said) is { Length: > 0 } why) throw new ProofException($"strace could not break the disk: {why}");
        }
    }
}

/// <summary>Runs of the checker with faults in them.</summary>
internal static class CheckedRuns
{
    /// <summary>Where hints are lost and the database is not always reached, who was removed elsewhere may hear so long what was said since.</summary>
    public static readonly TimeSpan LagUnderFaults = TimeSpan.FromSeconds(5);

    /// <summary>Runs them, each with a seed of its own from the context's on.</summary>
    /// <param name="context">What to run.</param>
    /// <param name="runs">How many.</param>
    /// <param name="faults">Which faults strike in each of them, at moments that the seed decides.</param>
    /// <param name="findings">Gets what was not kept.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="ground">For a cluster; null: one node.</param>
    public static async Task<Demand> RunAsync(
        ProofContext context, int runs, IReadOnlyList<string> faults, List<string> findings, CancellationToken ct, ClusterGround? ground = null)
    {
        var red = 0;
        for (var run = 0; run < runs; run++)
        {
            var seed = context.Seed + (ulong)run;
            var plan = PlanMaker.Make(seed, new PlanOptions(Seconds: 5, Rate: 300, Faults: faults));
            var (_, violations) = ground is null
                ? await Check.RunAsync(plan, context.Program, null, ct)
                : await Check.RunOnClusterAsync(plan, context.Program, ground, ct, static it => it with { RevocationLag = LagUnderFaults });
            if (violations.Count > 0) red++;
            findings.AddRange(violations.Select(it => $"Checker with {string.Join(" and ", faults)}, seed {seed}: I{it.Invariant}: {it.Said}"));
        }
        context.Log($"{runs} runs of the checker with {string.Join(" and ", faults)}: {red} red");
        return Demand.AtMost($"of {runs} runs of the checker with this fault in them: those that broke an invariant", red, "runs", 0);
    }
}
