using System.Diagnostics;

namespace Olha.Proof;

/// <summary>Hours of ordinary load: nothing grows.</summary>
internal sealed class Soak : IProof
{
    const int RoomSize = 50;

    /// <summary>What may be open at the end beside what was open at the beginning: the database opens another reader when it needs one. A
    /// leak grows with the reconnects, of which there are hundreds a minute.</summary>
    const int Spare = 16;

    static readonly TimeSpan s_gone = TimeSpan.FromSeconds(60);

    public string Name => "soak";

    public string Summary =>
        "People talk, are cut off and come back, for hours. The server's memory, open files and threads must not grow with the time, when all have "
        + "gone nothing of them may be left, and everybody holds what was said.";

    sealed record Size(int Clients, double PostsPerSecond, double ReconnectsPerSecond, TimeSpan Lasts, TimeSpan Every)
    {
        public static Size Of(ProofContext context) => context.Full
            ? new(1000, 100, 10, context.Duration ?? TimeSpan.FromHours(8), TimeSpan.FromSeconds(10))
            : new(200, 40, 5, context.Duration ?? TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));
    }

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var size = Size.Of(context);
        var talk = new Talk(bodyBytes: 120);
        await using var community = await Community.FoundAsync(context, size.Clients, rooms: size.Clients / RoomSize, ct);
        var before = await WarmedAsync(community, talk, size, ct);
        var (began, samples, cuts) = (Stopwatch.GetTimestamp(), new List<IReadOnlyList<double>>(), 0);
        await using (var crowd = Gathering(community, talk, size))
        {
            if (!await crowd.GatherAsync(TimeSpan.FromSeconds(120), ct)) return Told(context, size, talk, 0, 0, [], null);
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var (who, whom) = (new Random((int)context.Seed), new Random((int)context.Seed + 1));
            // One in fifty is said in General, to all.
            var talking = Talk.PaceAsync(size.PostsPerSecond, () =>
            {
                var client = crowd.Clients[who.Next(size.Clients)];
                client.Say(who.Next(50) == 0 ? 1 : community.RoomOf(client.Number));
            }, quiet.Token);
            var cutting = Talk.PaceAsync(size.ReconnectsPerSecond, () =>
            {
                cuts++;
                crowd.Clients[whom.Next(size.Clients)].Cut();
            }, quiet.Token);

            while (Stopwatch.GetElapsedTime(began) < size.Lasts)
            {
                await Task.Delay(size.Every, ct);
                if (community.Node.HasExited) throw new ProofException($"The node ended: {community.Node.Complained}");
                var now = ProcessFigures.Read(community.Node.ProcessId);
                samples.Add([Math.Round(Stopwatch.GetElapsedTime(began).TotalHours, 5), Math.Round(now.OwnMb, 2), Math.Round(now.RssMb, 2), now.Descriptors, now.Threads,
                    now.CpuSeconds, Math.Round(talk.Heard.Quantile(0.99), 1)]);
                talk.Heard = new Latencies();
                if (samples.Count % 30 == 0) context.Log(string.Join(", ", samples[^1]));
            }
            await quiet.CancelAsync();
            await Task.WhenAll(talking, cutting);
            await crowd.GatherAsync(TimeSpan.FromSeconds(60), ct);
            await crowd.JudgeAsync(context.Folder, context.DatabaseUrl, TimeSpan.FromSeconds(120), ct);
        }
        var left = await LeftAsync(community, before, ct);
        return Told(context, size, talk, Stopwatch.GetElapsedTime(began).TotalHours, cuts, samples, left.Descriptors - before.Descriptors);
    }

    // Everybody was there once and has gone again: what the program opens for good is open.
    static async Task<ProcessFigures> WarmedAsync(Community community, Talk talk, Size size, CancellationToken ct)
    {
        var bare = ProcessFigures.Read(community.Node.ProcessId);
        await using (var crowd = Gathering(community, talk, size)) await crowd.GatherAsync(TimeSpan.FromSeconds(120), ct);
        return await LeftAsync(community, bare, ct);
    }

    static async Task<ProcessFigures> LeftAsync(Community community, ProcessFigures before, CancellationToken ct)
    {
        var (began, now) = (Stopwatch.GetTimestamp(), ProcessFigures.Read(community.Node.ProcessId));
        // Requests that were answered keep their connections for a while: ours are let go.
        community.ForgetRequests();
        while (now.Descriptors > before.Descriptors + Spare && Stopwatch.GetElapsedTime(began) < s_gone)
        {
            await Task.Delay(200, ct);
            now = ProcessFigures.Read(community.Node.ProcessId);
        }
        return now;
    }

    static Crowd Gathering(Community community, Talk talk, Size size) =>
        new(community, talk, [.. Enumerable.Range(0, size.Clients).Select(i => new LightClient(community, i, talk))]);

    Part Told(ProofContext context, Size size, Talk talk, double hours, int cuts, IReadOnlyList<IReadOnlyList<double>> samples, int? left)
    {
        // What a server that was just started takes is no growth: the first eighth, or quarter of an hour.
        var warm = Math.Min(hours / 8, 0.25);
        double Growth(int column) => Slope.PerHour([.. samples.Where(row => row[0] >= warm).Select(row => (row[0], row[column]))]);
        return new(
            Name, Summary, "hours", 8, Math.Round(hours, 3), context.Seed,
            samples.Count == 0 ? [] :
            [
                Demand.Figure("clients", size.Clients, "clients"),
                Demand.Figure("posts, each acknowledged and stored once", talk.Posts, "posts"),
                Demand.Figure("cut off and back", cuts, "times"),
                Demand.AtMost("memory of its own grows", Growth(1), "MB/h", 1, context.Full),
                Demand.Figure("memory with the database's file mapped grows", Growth(2), "MB/h"),
                Demand.Figure("open descriptors grow", Growth(3), "an hour"),
                Demand.Figure("threads grow", Growth(4), "an hour"),
                Demand.AtMost("descriptors open when all have gone, more than before they came", left ?? 0, "descriptors", Spare),
                Demand.Figure("deliveries, the median of the samples' p99", Median(samples), "ms"),
            ], talk.Findings,
            $"{size.PostsPerSecond} posts and {size.ReconnectsPerSecond} reconnects a second; rooms of {RoomSize}, and General. Growth is the slope of the least squares after the first "
            + $"{warm * 60:0.#} minutes, taken every {size.Every.TotalSeconds:0} s. Handles of the runtime cannot be seen from outside; every one that has to do with a socket or a file is a descriptor."
            + (context.Full ? "" : " Memory's slope says nothing in so short a time: the collector has not come once before its nursery is full."),
            new Samples(["hours", "own MB", "RSS MB", "descriptors", "threads", "CPU s", "delivery p99 ms"], samples));
    }

    static double Median(IReadOnlyList<IReadOnlyList<double>> samples) => samples.Select(static row => row[6]).Order().ElementAt(samples.Count / 2);
}
