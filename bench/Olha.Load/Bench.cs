using System.Globalization;

namespace Olha.Load;

/// <summary>Runs the workloads round by round, each at every door in turn, and reports the medians.</summary>
internal sealed class Bench(Choices choices)
{
    const string Talks = "--n 6 --rooms 2 --senders 2 --window 4 --settle 0.1 --warm 0 --secs 0.3 --drain 0.5";
    const string Storms = "--n 6 --rooms 2 --storm 1 --settle 0.1 --drain 0.5";
    const string Returns = Storms + " --resume 1 --missed 3"; // the floor tells nobody what they missed

    /// <summary>What the floor does wrong, and how the load tool is to notice.</summary>
    static readonly (string? Fault, string Command)[] s_checks =
    [
        (null, Talks), ("lose", Talks), ("double", Talks), ("swap", Talks), ("stray", Talks), (null, Storms), (null, Returns),
    ];

    readonly Communities _data = new();
    readonly List<Measured> _measured = [];
    readonly List<Figures> _disk = [];
    readonly List<string> _raw = [];

    /// <returns>Whether every figure counts, the peers' aside.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Workbench.Folder);
        var begin = DateTime.UtcNow;
        var load = Machine.LoadAverage;
        await CheckTheCheckAsync(ct);
        foreach (var workload in Workloads.All.Where(it => choices.Workloads.Count == 0 || choices.Workloads.Contains(it.Workload)))
        {
            Note($"\n{workload.Title}");
            _measured.Add(await MeasureAsync(choices.Ours ? workload with { Doors = [.. workload.Doors.Where(door => Peer.At(door) is null)] } : workload, ct));
        }

        var folder = choices.Renews ? Workbench.Results : Workbench.Folder;
        var picture = new Picture(_measured).Render();
        var report = new Report(_measured, Figures.Median(_disk), begin, load, choices, picture is null ? null : "latest.svg");
        Directory.CreateDirectory(folder);
        if (picture is not null) await File.WriteAllTextAsync(Path.Combine(folder, "latest.svg"), picture, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "latest.md"), report.Render(), ct);
        await File.WriteAllLinesAsync(Path.Combine(folder, "latest.txt"), _raw, ct);
        Console.WriteLine($"\n{report.Summary()}\n{Workbench.Shown(Path.Combine(folder, "latest.md"))}");
        return _measured.All(it => it.Medians.All(at => at.Value.Invalid is null || Peer.At(at.Key) is not null));
    }

    async Task<Measured> MeasureAsync(Case workload, CancellationToken ct)
    {
        var runs = workload.Doors.ToDictionary(door => door, _ => new List<Run>());
        for (var round = 1; round <= Math.Min(choices.Rounds, workload.MostRounds); round++)
        {
            await MeasureDiskAsync(ct);
            foreach (var door in workload.Doors)
            {
                var run = await workload.RunAsync(door, _data, choices.Quick, ct);
                runs[door].Add(run);
                Note($"round {round}, {door}: {Words(run.Figures)}");
            }
        }
        return new Measured(
            workload, runs.ToDictionary(it => it.Key, it => Figures.Median([.. it.Value.Select(run => run.Figures)])),
            runs.ToDictionary(it => it.Key, it => it.Value[^1].Commands));
    }

    async Task MeasureDiskAsync(CancellationToken ct)
    {
        await using var disk = Child.Start(null, Workbench.Disk, [Workbench.Folder, choices.Quick ? "0.3" : "2"], [], Workbench.Folder);
        _disk.Add(Figures.Parse(await disk.FinishAsync(ct)));
        Note($"disk: {Words(_disk[^1])}");
    }

    // A check that finds nothing proves something only if it can find something.
    async Task CheckTheCheckAsync(CancellationToken ct)
    {
        foreach (var (fault, command) in s_checks)
        {
            var port = Workbench.FreePort();
            await using var floor = Server.StartFloor(port, null, rooms: 2, fault);
            await Server.ListensAsync(floor, port, ct);
            await using var load = Child.Start(null, Workbench.LoadTool,
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), .. command.Split(' '),
            ], [], Workbench.Folder);
            var violations = Figures.Parse(await load.FinishAsync(ct))["violations"];
            if (violations > 0 != (fault is not null || command == Returns))
                throw new BenchException($"{floor.Command}\n{load.Command}\nfound {violations} violations.");
        }
        Note("the load tool notices what is lost, doubled, swapped, told in the wrong room, and not told again to those who return");
    }

    static string Words(Figures figures) => string.Join(' ',
        figures.Values.Select(it => string.Create(CultureInfo.InvariantCulture, $"{it.Key}={it.Value:0.###}")).Append(figures.Invalid is { } why ? $"DOES NOT COUNT: {why}" : ""));

    void Note(string line)
    {
        _raw.Add(line.TrimEnd());
        Console.WriteLine(line.TrimEnd());
    }
}

/// <summary>All rounds of one case.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Medians">By door.</param>
/// <param name="Commands">The command lines of the last run, by door.</param>
internal sealed record Measured(
    Case Case, IReadOnlyDictionary<Door, Figures> Medians, IReadOnlyDictionary<Door, IReadOnlyList<string>> Commands);
