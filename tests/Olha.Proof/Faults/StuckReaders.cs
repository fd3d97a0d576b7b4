using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Olha.Proof;

/// <summary>F8: some read no more, and cost the others nothing.</summary>
internal sealed class StuckReaders : IProof
{
    /// <summary>An outbox of 1 MiB, what the kernel takes beside it, and something to spare: whoever is told so much has been too slow.</summary>
    const long Overflow = 3 * 512 * 1024;

    const int BodyBytes = 3900;

    static readonly TimeSpan s_closedWithin = TimeSpan.FromSeconds(30);

    public string Name => "F8";

    public string Summary =>
        "Some of those in a busy room stop reading, and go on showing that they are there: phones that went into a tunnel, tabs that a browser "
        + "put to sleep. The others must not notice that they are stuck, the server's memory must stay, each must be closed once its outbox is full, and "
        + "must miss nothing when it reads on. What giving back a megabyte and a half costs the others at that moment is measured beside. It then stops "
        + "again, until the time is over. Each stops at a moment of its own: who all come back at once is F9's.";

    sealed record Size(int Clients, int Stuck, double PostsPerSecond, TimeSpan Baseline, TimeSpan Lasts)
    {
        /// <summary>About how long it takes until an outbox is full.</summary>
        public TimeSpan Overflows => TimeSpan.FromSeconds(Overflow / (PostsPerSecond * BodyBytes));

        public static Size Of(ProofContext context) => context.Full
            ? new(1000, 50, 20, TimeSpan.FromSeconds(60), context.Duration ?? TimeSpan.FromMinutes(10))
            : new(200, 10, 40, TimeSpan.FromSeconds(5), context.Duration ?? TimeSpan.FromSeconds(20));
    }

    public async Task<Part> RunAsync(ProofContext context, CancellationToken ct)
    {
        var size = Size.Of(context);
        var talk = new Talk(BodyBytes);
        await using var community = await Community.FoundAsync(context, size.Clients, rooms: 0, ct);
        await using var crowd = new Crowd(community, talk, [.. Enumerable.Range(0, size.Clients).Select(i => new LightClient(community, i, talk)
        {
            // The last ones get stuck: their kernel keeps little for them. The first counts what is said.
            Measures = i < size.Clients - size.Stuck, Counts = i == 0, ReceiveBuffer = i < size.Clients - size.Stuck ? null : 16 * 1024,
        })]);
        var stuck = crowd.Clients.Skip(size.Clients - size.Stuck).ToArray();
        if (!await crowd.GatherAsync(TimeSpan.FromSeconds(60), ct)) return Told(context, size, talk, 0, [], null);

        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var choice = new Random((int)context.Seed);
        var talking = Talk.PaceAsync(size.PostsPerSecond, () => crowd.Clients[choice.Next(size.Clients - size.Stuck)].Say(1), quiet.Token);
        var (alone, stuckAlone, besideReturns) = (new Latencies(), new Latencies(), new Latencies());
        var watch = new Watch(community, talk, isAnyReturning => talk.Heard = isAnyReturning ? besideReturns : stuckAlone);
        var watching = watch.LookAsync(quiet.Token); // in both phases: it takes milliseconds of a core each time
        await Task.Delay(size.Baseline / 4, ct); // warm
        talk.Heard = alone;
        var before = await MostAsync(community, size.Baseline, ct);
        context.Log($"baseline: p99 {alone.Quantile(0.99):0.0} ms of {alone.Count} deliveries, {before.OwnMb:0} MB");

        talk.Heard = stuckAlone;
        var end = DateTime.UtcNow + size.Lasts;
        var sticking = stuck.Select((client, i) => watch.StickAsync(client, size.Overflows * i / size.Stuck, end, ct)).ToArray();
        var during = await MostAsync(community, size.Lasts, ct);
        await Task.WhenAll(sticking);
        // What is slower then has grown with the time, and is not for those who were stuck.
        var afterwards = talk.Heard = new Latencies();
        if (context.Full) await Task.Delay(size.Baseline, ct);
        await quiet.CancelAsync();
        await Task.WhenAll(talking, watching);

        await crowd.GatherAsync(TimeSpan.FromSeconds(60), ct);
        await crowd.JudgeAsync(context.Folder, context.DatabaseUrl, TimeSpan.FromSeconds(60), ct);
        if (watch.Closings.IsEmpty) talk.Find("No stuck reader was ever closed.");
        return Told(context, size, talk, size.Lasts.TotalMinutes, Demands(context, size, talk, (alone, stuckAlone, besideReturns, afterwards), before, during, watch), crowd);
    }

    static List<Demand> Demands(
        ProofContext context, Size size, Talk talk, (Latencies Before, Latencies Stuck, Latencies Returning, Latencies Afterwards) heard,
        ProcessFigures before, ProcessFigures during, Watch watch) =>
    [
        Demand.Figure("sockets that stopped reading", size.Stuck, $"of {size.Clients}"),
        Demand.Figure("posts, each acknowledged once", talk.Posts, "posts"),
        Demand.Figure("others' deliveries before, p99", heard.Before.Quantile(0.99), "ms"),
        Demand.Figure("others' deliveries while they are stuck, p99", heard.Stuck.Quantile(0.99), "ms"),
        Demand.AtMost("that beside before", heard.Stuck.Quantile(0.99) / Math.Max(0.1, heard.Before.Quantile(0.99)), "times", 1.2, context.Full),
        Demand.Figure("others' deliveries afterwards, when nobody is stuck, p99", heard.Afterwards.Count == 0 ? null : heard.Afterwards.Quantile(0.99), "ms"),
        Demand.Figure("others' deliveries in the moments when one reads on and gets 1.5 MB that it missed, p99", heard.Returning.Quantile(0.99), "ms"),
        Demand.Figure("of all deliveries meanwhile, those in such moments", 100.0 * heard.Returning.Count / Math.Max(1, heard.Returning.Count + heard.Stuck.Count), "%"),
        Demand.AtMost("the server's own memory, more than before", during.OwnMb - before.OwnMb, "MB", 64, context.Full),
        Demand.Figure("memory with the database's file mapped, more than before", during.RssMb - before.RssMb, "MB"),
        Demand.Figure("times that a stuck reader was closed", watch.Closings.Count, "closings"),
        Demand.AtMost("from a full outbox until it is closed, the longest", watch.Closings.DefaultIfEmpty().Max(), "s", s_closedWithin.TotalSeconds),
    ];

    Part Told(ProofContext context, Size size, Talk talk, double minutes, IReadOnlyList<Demand> demands, Crowd? crowd) => new(
        Name, Summary, "minutes", 10, minutes, context.Seed, demands, talk.Findings,
        $"{size.PostsPerSecond} posts a second of {BodyBytes:n0} bytes. A reader counts as overflowed when 1.5 MiB have been said since it stopped; memory is the highest "
        + "of each phase, sampled twice a second. What each device holds at the end is compared with the database, message by message. "
        + (crowd is null ? "" : $"{crowd.Clients.Sum(static it => it.Fetches)} ranges were fetched over HTTP. "
            + $"Goodbyes that came through: {string.Join(", ", crowd.Clients.SelectMany(static it => it.SentAway).GroupBy(static it => it.Key).Select(static it => $"{it.Key} {it.Sum(static code => code.Value)} times"))}."));

    // The highest of each figure over a time.
    static async Task<ProcessFigures> MostAsync(Community community, TimeSpan during, CancellationToken ct)
    {
        var (most, began) = (ProcessFigures.Read(community.Node.ProcessId), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < during)
        {
            await Task.Delay(500, ct);
            var now = ProcessFigures.Read(community.Node.ProcessId);
            most = new(Math.Max(most.OwnMb, now.OwnMb), Math.Max(most.RssMb, now.RssMb), Math.Max(most.Descriptors, now.Descriptors), Math.Max(most.Threads, now.Threads), now.CpuSeconds);
        }
        return most;
    }

    /// <summary>Looks at the server's side of the stuck ones' connections: they themselves see nothing.</summary>
    /// <param name="community">Where they are.</param>
    /// <param name="talk">What is said.</param>
    /// <param name="returning">Told whether one is reading on just now.</param>
    sealed class Watch(Community community, Talk talk, Action<bool> returning)
    {
        readonly Lock _gate = new();
        int _returning;
        volatile Seen _seen = new([], 0);

        sealed record Seen(HashSet<IPEndPoint> Open, long Since);

        /// <summary>Seconds from the full outbox until each was closed.</summary>
        public ConcurrentQueue<double> Closings { get; } = [];

        /// <summary>After a while stops a device's reading, waits until it is closed, lets it come back, and again until the time is over.</summary>
        public async Task StickAsync(LightClient client, TimeSpan after, DateTime end, CancellationToken ct)
        {
            await Task.Delay(after, ct);
            while (DateTime.UtcNow < end && client.End is { } connection)
            {
                client.Stall();
                var (said, tick, overflowed, since) = (talk.Said, 0, 0L, Stopwatch.GetTimestamp());
                while (IsOpen(connection, since) && (DateTime.UtcNow < end || overflowed != 0))
                {
                    await Task.Delay(200, ct);
                    if (tick++ % 25 == 0) client.Pong();
                    if (overflowed == 0 && talk.Said - said > Overflow) overflowed = Stopwatch.GetTimestamp();
                    if (overflowed == 0 || Stopwatch.GetElapsedTime(overflowed) <= s_closedWithin) continue;
                    talk.Find($"Device {client.Number} was not closed {s_closedWithin.TotalSeconds} s after its outbox must have been full.");
                    break;
                }
                if (IsOpen(connection, since)) client.Cut(); // the time is over
                else Closings.Enqueue(overflowed == 0 ? 0 : Stopwatch.GetElapsedTime(overflowed).TotalSeconds);
                Returns(1);
                client.ReadOn();
                var back = await Task.WhenAny(client.Complete, Task.Delay(TimeSpan.FromSeconds(60), ct)) == client.Complete;
                Returns(-1);
                if (!back) return; // the judge finds it
            }
        }

        void Returns(int one)
        {
            lock (_gate)
            {
                _returning += one;
                returning(_returning > 0);
            }
        }

        /// <summary>Looks once a second until it is cancelled.</summary>
        public async Task LookAsync(CancellationToken ct)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
            try
            {
                while (await timer.WaitForNextTickAsync(ct))
                {
                    var since = Stopwatch.GetTimestamp();
                    _seen = new(KernelSockets.OpenAt(community.Node.Address.Port), since);
                }
            }
            catch (OperationCanceledException) { }
        }

        // Whoever got stuck after the last look is open as far as anybody knows.
        bool IsOpen(IPEndPoint connection, long stuckSince) => _seen is var seen && (seen.Since < stuckSince || seen.Open.Contains(connection));
    }
}
