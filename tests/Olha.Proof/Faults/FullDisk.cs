using System.Diagnostics;

namespace Olha.Proof;

/// <summary>F3, first half: the disk fills up while people post, and has room again.</summary>
internal static class FullDisk
{
    const int Refusals = 30;

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>One round. Even seeds fill a tmpfs, odd ones ext4 on a loop device.</summary>
    /// <returns>From freeing until the first acknowledgement of what was asked after it.</returns>
    public static async Task<TimeSpan> RoundAsync(IReadOnlyList<string> program, string folder, ulong seed, List<string> findings, CancellationToken ct)
    {
        using var ground = new Ground(folder);
        await using var disk = await SmallDisk.MountAsync(Path.Combine(ground.Folder, "disk"), real: seed % 2 == 1);
        var database = Path.Combine(disk.Path, "olha.db");
        var conversation = new Conversation();
        var took = TimeSpan.Zero;
        await using (var node = new Node(ground.Options(program, database)))
        {
            await node.StartAsync(ct);
            using var crowd = await Talkers.GatherAsync(node.Address, people: 3, conversation, ct);
            crowd.Begin(perSecond: 150, number => PostsRecorded.Words(seed, number), ct);
            await Ground.UntilAsync(() => conversation.AckCount >= 50, s_patience, "50 posts on an empty disk", ct);

            disk.Fill(leave: (long)(seed * 31337 % 300_000));
            await Ground.UntilAsync(() => conversation.Refusals.Count >= Refusals, s_patience, $"{Refusals} refusals on a full disk", ct);
            await ReadsAsync(crowd, conversation, findings, ct);
            disk.MakeRoom();
            var freed = Stopwatch.GetTimestamp();
            await Ground.UntilAsync(() => conversation.UntilAck(freed) is not null, s_patience, "posts after there is room again", ct);
            took = conversation.UntilAck(freed)!.Value;
            await crowd.EndAsync(ct);
            if (node.HasExited) findings.Add($"The program ended on a full disk with {node.ExitCode}");
            if ((await node.StopAsync()).Code is not 0 and var code) findings.Add($"The program ended with {code}: {node.Complained}");
        }
        findings.AddRange(Books.Audit(ground.CopyOf(database), conversation));
        return took;
    }

    // What was acknowledged before the disk was full must be readable while it is.
    static async Task ReadsAsync(Talkers crowd, Conversation conversation, List<string> findings, CancellationToken ct)
    {
        var acknowledged = conversation.Everything.Where(static it => it.Ack is not null).ToList();
        try
        {
            var served = (await crowd.ReadAsync(ct)).ToDictionary(static it => it.Seq);
            findings.AddRange(acknowledged.Where(it => served.GetValueOrDefault(it.Ack!.Seq)?.Cid != it.Cid)
                .Select(static it => $"{it.Cid}, acknowledged as {it.Ack!.Seq}, can't be read while the disk is full"));
        }
        catch (HttpRequestException exception)
        {
            findings.Add($"Nothing can be read while the disk is full: {exception.Message}");
        }
    }
}
