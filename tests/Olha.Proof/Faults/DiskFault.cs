using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F3: the disk is full, or fails.</summary>
internal sealed class DiskFault : IProof
{
    static readonly TimeSpan s_recovered = TimeSpan.FromSeconds(5);

    public string Name => "F3";

    public string Summary =>
        "The disk fills up, or fails a write or a sync. Reading goes on, posts are refused as unavailable, nothing acknowledged is lost, none is acknowledged by a failed sync, and it goes on by itself within 5 s.";

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        // Twenty of each: full; a sync, a write, and a write without room that fail.
        var (full, broken, posts, images) = context.Full ? (20, 60, 160, 60) : (2, 2, 100, 20);
        var findings = new List<string>();
        var longest = TimeSpan.Zero;
        var (failed, refused, done) = (0, 0, 0);
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < full && context.LeavesTime(started); round++, done++)
        {
            var took = await FullDisk.RoundAsync(context.Program, context.Folder, context.Seed + (ulong)round, findings, ct);
            if (took > longest) longest = took;
            context.Log($"full disk {round + 1} of {full}: goes on {took.TotalSeconds:0.00} s after there is room");
        }

        var random = new Random(unchecked((int)context.Seed));
        var (breaks, missed) = (0, 0);
        while (breaks < broken && context.LeavesTime(started))
        {
            var injection = BrokenDisk.Choose(breaks, random);
            // A slow machine puts more posts into a commit: then there are fewer calls than the chosen one. It does not count, and the next has more.
            var (fails, noes) = await BrokenDisk.RoundAsync(context, injection, posts * (1 + missed), images, context.Seed + (ulong)breaks, findings, ct);
            if (fails == 0 && ++missed > 10) throw new ProofException($"{injection.Option}: no call failed");
            if (fails == 0) continue;
            (breaks, done) = (breaks + 1, done + 1);
            (failed, refused) = (failed + fails, refused + noes);
            context.Log($"broken disk {breaks} of {broken}: {injection.Option}, {fails} failed, {noes} refused");
        }
        var runs = await CheckedRuns.RunAsync(context, context.Full ? 4 : 1, ["bad sync", "no room"], findings, ct);
        return new(Name, Summary, "faults", full + broken, done, context.Seed,
            [
                Demand.AtMost("full disk: from room again to the next acknowledgement, longest", longest.TotalSeconds, "s", s_recovered.TotalSeconds),
                Demand.Figure("full disks (half tmpfs, half ext4)", done - breaks, "times"),
                Demand.Figure("calls that failed", failed, "calls"),
                Demand.Figure("posts refused on a broken disk, and acknowledged later", refused, "answers"),
                Demand.Figure("power cuts after a failed call, images", breaks * images, "images"),
                runs,
            ],
            findings);
    }
}
