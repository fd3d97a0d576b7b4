using System.Globalization;

namespace Olha.Load;

/// <summary>Clients talk, or are silent: bench/wsload.c against one server.</summary>
internal sealed record LoadCase(string Workload, string Title, string What, IReadOnlyList<Door> Doors, IReadOnlyList<Metric> Metrics)
    : Case(Workload, Title, What, Doors, Metrics)
{
    public static readonly string[] V1 =
    [
        "--path", "/api/v1/socket", "--extra", "Sec-WebSocket-Protocol: olha.v1", "--ready", "\"type\":\"welcome\"",
        "--pong", """{"type":"pong"}""", "--acks", "1", "--tmpl", """{"type":"post","roomId":%d,"cid":"%u","body":"%s"}""",
    ];

    /// <summary>What the load tool is told at every door.</summary>
    public required string Load { get; init; }

    /// <summary>And at the v1 door besides.</summary>
    public string LoadV1 { get; init; } = "";

    /// <summary>What makes it short.</summary>
    public required string Quick { get; init; }

    /// <summary>How many have an account.</summary>
    public required int People { get; init; }

    /// <summary>Rooms besides General, and members of each; connection i is in room i modulo this.</summary>
    public (int Count, int Size) Rooms { get; init; }

    /// <summary>Whether server and load have a core each. Otherwise they share all that there are.</summary>
    public bool Pinned { get; init; } = true;

    public override async Task<Run> RunAsync(Door door, Communities data, bool quick, CancellationToken ct)
    {
        var (serverCpus, loadCpus) = Pinned ? Machine.Cores : (null, null);
        var plan = await data.CopyAsync(People, Rooms.Count, Rooms.Size, ct);
        var port = Workbench.FreePort();
        await using var server = door == Door.Floor ? Server.StartFloor(port, serverCpus, Math.Max(1, Rooms.Count))
            : Peer.At(door) is { } peer ? peer.Start(port, serverCpus, Math.Max(1, Rooms.Count))
            : Server.StartOlha(plan.Database, port, serverCpus);
        await Server.ListensAsync(server, port, ct);

        var before = Machine.Clock.Read(server.Id);
        await using var load = Child.Start(loadCpus, Workbench.LoadTool, Arguments(door, plan, port, server.Id, quick), [], Workbench.Folder);
        var figures = Figures.Parse(await load.FinishAsync(ct));
        figures = figures.With("others_cpu", before.OthersSince(Machine.Clock.Read(server.Id), figures["gen_cpu"] ?? 0));

        var survived = !server.HasEnded;
        await server.StopAsync();
        var why = !survived ? "the server ended" : WhyNot(figures);
        if (why is null && IsOurs(door)) why = await WhyNotStoredAsync(plan, figures, ct);
        if (why is not null) Console.WriteLine($"{server.Said}\n{load.Said}".Trim()); // the reason may stand there
        return new Run(figures with { Invalid = why }, [server.Command, load.Command]);
    }

    IEnumerable<string> Arguments(Door door, SeedPlan plan, int port, int server, bool quick)
    {
        List<string> all = ["--port", port.ToString(CultureInfo.InvariantCulture), "--pid", server.ToString(CultureInfo.InvariantCulture)];
        if (door == Door.V1) all.AddRange([.. V1, "--hello", plan.Hellos, .. Words(LoadV1)]);
        if (IsOurs(door)) all.AddRange(["--headers", plan.Headers]);
        if (Peer.At(door) is { } peer) all.AddRange(peer.Load);
        return [.. all, .. Words(Load), .. quick ? Words(Quick) : []];
    }

    static bool IsOurs(Door door) => door is Door.Original or Door.V1;

    static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // A server that loses, doubles or reorders can be as fast as it likes.
    static string? WhyNot(Figures figures)
    {
        foreach (var key in (string[])["violations", "refused", "return_refused", "lost_conns"])
            if (figures[key] is > 0 and var count) return string.Create(CultureInfo.InvariantCulture, $"{key}={count}");
        return null;
    }

    static async Task<string?> WhyNotStoredAsync(SeedPlan plan, Figures figures, CancellationToken ct)
    {
        var sent = (long)(figures["sent_in_all"] ?? 0);
        var (texts, places) = await Communities.CountAsync(plan, ct);
        return texts == sent && places == sent ? null : string.Create(CultureInfo.InvariantCulture, $"sent {sent}, stored {texts} at {places} places");
    }
}
