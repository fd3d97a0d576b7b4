using System.Globalization;

namespace Olha.Load;

/// <summary>People read far back: bench/pages.c against the program on a database with much history.</summary>
internal sealed record DepthCase(string Workload, string Title, string What, IReadOnlyList<Metric> Metrics)
    : Case(Workload, Title, What, [Door.V1], Metrics)
{
    const int Asks = 40_000;
    const int Page = 50;
    const int Resumed = DepthPlan.MostUnread;

    const int Seed = 3; // the same questions in every round

    static readonly string[] s_depths = ["newest", "middle", "oldest"];

    public override async Task<Run> RunAsync(Door door, Communities data, bool quick, CancellationToken ct)
    {
        var (serverCpus, loadCpus) = Machine.Cores;
        var plan = await data.Depth.FindAsync(quick, ct);
        var asks = Path.Combine(Workbench.Folder, "asks.txt");
        await WriteAsksAsync(plan, asks, ct);

        var port = Workbench.FreePort();
        await using var server = Server.StartOlha(plan.Database, port, serverCpus);
        await Server.IsReadyAsync(server, port, ct);
        var before = Machine.Clock.Read(server.Id);
        await using var load = Child.Start(loadCpus, Workbench.Pages,
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--pid", server.Id.ToString(CultureInfo.InvariantCulture),
            "--asks", asks, .. (quick ? "--warm 0.5 --secs 1" : "--warm 3 --secs 15").Split(' '),
        ], [], Workbench.Folder);
        var figures = Figures.Parse(await load.FinishAsync(ct));
        await NoticesAsync(plan, port, ct);
        figures = figures.With("others_cpu", before.OthersSince(Machine.Clock.Read(server.Id), figures["gen_cpu"] ?? 0));
        var depths = s_depths.Select(depth => figures[$"{depth}_p50_ms"] ?? 0).ToArray();
        figures = figures.With("depth_ratio", depths.Max() / depths[0]);
        return new Run(figures with { Invalid = WhyNot(figures, server) }, [server.Command, load.Command]);
    }

    // A check that finds nothing proves something only if it can find something.
    static async Task NoticesAsync(DepthPlan plan, int port, CancellationToken ct)
    {
        var asks = Path.Combine(Workbench.Folder, "wrong-asks.txt");
        var header = (await File.ReadAllLinesAsync(plan.Headers, ct))[DepthPlan.Member(0, 0) - 1];
        foreach (var range in (string[])["1\t51", "2\t50"]) // the page holds 1 to 50
        {
            var room = DepthPlan.Id(0);
            await File.WriteAllTextAsync(asks, $"wrong\t{header}\t/api/v1/rooms/{room}/messages?before=51\t{room}\t{range}\n", ct);
            await using var load = Child.Start(null, Workbench.Pages,
                ["--port", port.ToString(CultureInfo.InvariantCulture), "--asks", asks, .. "--readers 1 --warm 0 --secs 0.05".Split(' ')],
                [], Workbench.Folder);
            if (Figures.Parse(await load.FinishAsync(ct))["violations"] is not > 0)
                throw new BenchException("the load tool found nothing wrong with a page of other messages than asked for.");
        }
    }

    static string? WhyNot(Figures figures, Child server) =>
        server.HasEnded ? "the server ended"
        : figures["violations"] is > 0 and var count ? string.Create(CultureInfo.InvariantCulture, $"{count} pages were not right")
        : null;

    // Who reads is one of the room's members. The newest, the middle and the oldest page of a room are each always the same
    // one, so that they differ in depth alone; the page from anywhere is one that nobody has just read.
    static async Task WriteAsksAsync(DepthPlan plan, string file, CancellationToken ct)
    {
        var headers = await File.ReadAllLinesAsync(plan.Headers, ct);
        var sizes = (await File.ReadAllLinesAsync(plan.Sizes, ct)).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var rooms = new Zipf(sizes.Length, Seed);
        var chance = new Random(Seed);
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, Asks).Select(i =>
        {
            var room = rooms.Next();
            var header = headers[DepthPlan.Member(room, chance.Next(DepthPlan.RoomSize)) - 1];
            var (kind, path, first, last) = Ask(i, sizes[room], chance);
            return string.Create(CultureInfo.InvariantCulture,
                $"{kind}\t{header}\t/api/v1/rooms/{DepthPlan.Id(room)}/{path}\t{DepthPlan.Id(room)}\t{first}\t{last}");
        }), ct);
    }

    static (string Kind, string Path, int First, int Last) Ask(int i, int size, Random chance)
    {
        var anywhere = chance.Next(Page, Math.Max(size, Page + 1)) + 1;
        var middle = Math.Max(size / 2, Page) + 1;
        var (kind, path, first, last) = (i / 2 % 5) switch
        {
            0 => ("newest", "messages", size - Page + 1, size),
            1 => ("middle", $"messages?before={middle}", middle - Page, middle - 1),
            2 => ("anywhere", $"messages?before={anywhere}", anywhere - Page, anywhere - 1),
            3 => ("oldest", $"messages?before={Page + 1}", 1, Page),
            _ => ("resume", $"changes?after={DepthPlan.BeforeTalk + Math.Max(size - Resumed, 0)}", size - Resumed + 1, size),
        };
        return (kind, path, Math.Max(first, 1), Math.Min(last, size));
    }
}
