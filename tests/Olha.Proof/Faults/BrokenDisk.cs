namespace Olha.Proof;

/// <summary>F3, second half: the disk answers a sync or a write with an error while people post.</summary>
/// <remarks>The program need not end: docs/decisions/0004-storage.md says how it goes on, and that is what is held against the
/// recording. A failed sync's writes are never synced later (<see cref="OpState.Stranded"/>), as a kernel does that has taken them for clean;
/// the power is cut all over what follows, and everything acknowledged must be there.</remarks>
internal static class BrokenDisk
{
    /// <summary>What is injected: which calls fail with what, and how many in a row.</summary>
    /// <param name="Calls">As strace names them.</param>
    /// <param name="Error">As errno names it.</param>
    /// <param name="First">The first one to fail, counted in a thread from its start on: beyond what a start needs, so that the writer gets there first.</param>
    /// <param name="Count">How many.</param>
    public sealed record Injection(string Calls, string Error, int First, int Count)
    {
        public string Option => $"inject={Calls}:error={Error}:when={First}..{First + Count - 1}";
    }

    /// <summary>The n-th injection of a seed: in turn a failing sync, a failing write, a write for which there is no room.</summary>
    public static Injection Choose(int round, Random random) => (round % 3) switch
    {
        0 => new("fsync,fdatasync", "EIO", random.Next(20, 36), random.Next(1, 5)),
        1 => new("pwrite64", "EIO", random.Next(300, 600), random.Next(1, 40)),
        _ => new("pwrite64", "ENOSPC", random.Next(300, 600), random.Next(1, 40)),
    };

    /// <summary>One round.</summary>
    /// <returns>Calls that failed, and posts that were refused.</returns>
    public static async Task<(int Failed, int Refused)> RoundAsync(
        ProofContext context, Injection injection, int posts, int images, ulong seed, List<string> findings, CancellationToken ct)
    {
        using var ground = new Ground(context.Folder);
        var conversation = new Conversation();
        var recorded = await PostsRecorded.RunAsync(ground, context.Program, posts, seed, conversation, ct, "-e", injection.Option);
        var failed = recorded.Happenings.Count(static it => it is { Ended: true, Call: { IsInjected: true, Result: < 0 } });
        var name = $"{injection.Option}, seed {seed}";
        findings.AddRange(Books.Audit(ground.CopyOf(ground.Database), conversation).Select(it => $"{name}: {it}"));
        foreach (var image in Images.Of(recorded, images, seed))
            findings.AddRange(PowerCutFault.Audit(image, recorded).Select(it => $"{name}, image {image.Number} of {images} (at {image.At}): {it}"));
        return (failed, conversation.Refusals.Count);
    }
}
