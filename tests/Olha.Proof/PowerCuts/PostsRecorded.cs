namespace Olha.Proof;

/// <summary>Records a server that people post to: its first start on nothing, posts, a clean stop, another start, posts, a kill.</summary>
internal static class PostsRecorded
{
    const double PerSecond = 60; // a traced server is slow

    /// <param name="ground">Where it lives; its data folder holds afterwards what the program left.</param>
    /// <param name="program">The program.</param>
    /// <param name="posts">How many are to be acknowledged, over both lives.</param>
    /// <param name="seed">Of what is said.</param>
    /// <param name="conversation">What was said to it.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="inject">What strace is to inject.</param>
    public static async Task<Recorded> RunAsync(
        Ground ground, IReadOnlyList<string> program, int posts, ulong seed, Conversation conversation, CancellationToken ct,
        params IReadOnlyList<string> inject)
    {
        var happenings = new List<Happening>();
        var talkers = new List<Talker>();
        try
        {
            foreach (var (life, signal) in ((int, string)[])[(1, "TERM"), (2, "KILL")])
            {
                var trace = Path.Combine(ground.Folder, $"life-{life}.trace");
                await using var node = new Node(ground.Options(program, null, Recorder.Before(trace, inject)));
                await node.StartAsync(ct);
                if (life == 1)
                    foreach (var name in (string[])["ana", "bruno"]) talkers.Add(await Talker.SignUpAsync(node.Address, name, conversation, ct));

                await TalkAsync(talkers, conversation, posts * life / 2, seed, ct);
                await Recorder.EndAsync(node, signal);
                happenings.AddRange(Trace.Read(trace));
            }
            return new(ground.Data, new Dictionary<string, byte[]>(), happenings,
                conversation.Everything.ToDictionary(static it => it.Cid, static it => it.Body), talkers[0].Token);
        }
        finally
        {
            foreach (var talker in talkers) talker.Dispose();
        }
    }

    /// <summary>Short and long texts, so that the log soon fills and is copied into the file.</summary>
    public static string Words(ulong seed, int number) =>
        $"{number} {new string((char)('a' + number % 26), (int)((seed + (ulong)number * 7919) % 3500))}";

    static async Task TalkAsync(List<Talker> talkers, Conversation conversation, int until, ulong seed, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var talking = Task.WhenAll(talkers.Select(talker =>
            talker.TalkAsync(PerSecond / talkers.Count, number => Words(seed, number), enough.Token, ct)));
        await Ground.UntilAsync(() => conversation.AckCount >= until || talking.IsCompleted, TimeSpan.FromMinutes(3), $"{until} acknowledgements", ct);
        await enough.CancelAsync();
        await talking.WaitAsync(TimeSpan.FromSeconds(30), ct);
    }
}
