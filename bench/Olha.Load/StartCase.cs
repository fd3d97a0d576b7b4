using System.Diagnostics;
using System.Globalization;

namespace Olha.Load;

/// <summary>From the moment when the program is started to the moment when it may take traffic, and what it takes at rest.</summary>
internal sealed record StartCase(string Workload, string Title, string What, IReadOnlyList<Metric> Metrics)
    : Case(Workload, Title, What, [Door.V1], Metrics)
{
    /// <summary>How many are in the database that it opens; 0: there is none yet.</summary>
    public int People { get; init; }

    /// <summary>Whether it opens the one with much history instead.</summary>
    public bool Deep { get; init; }

    public override async Task<Run> RunAsync(Door door, Communities data, bool quick, CancellationToken ct)
    {
        var database = await DatabaseAsync(data, quick, ct);
        var port = Workbench.FreePort();
        var begin = Stopwatch.GetTimestamp();
        await using var server = Server.StartOlha(database, port, cpus: null);
        await Server.IsReadyAsync(server, port, ct);
        var ready = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;

        await Task.Delay(TimeSpan.FromSeconds(quick ? 1 : 5), ct);
        var figures = new Figures(new Dictionary<string, double> { ["ready_ms"] = ready, ["rss_mb"] = Resident(server.Id) });
        return new Run(figures, [server.Command]);
    }

    async Task<string> DatabaseAsync(Communities data, bool quick, CancellationToken ct)
    {
        if (Deep) return (await data.Depth.FindAsync(quick, ct)).Database;
        var plan = await data.CopyAsync(Math.Max(People, 1), rooms: 0, roomSize: 0, ct);
        if (People > 0) return plan.Database;
        var folder = Directory.CreateDirectory(Path.Combine(plan.Folder, "new"));
        return Path.Combine(folder.FullName, "olha.db");
    }

    static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
