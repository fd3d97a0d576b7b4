using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Server.Accounts;
using Olha.Server.Presence;
using Olha.Storage;

namespace Olha.Load;

/// <summary>Who is here, on many nodes: the real boards on one real Redis, while people come and go every second.</summary>
internal static class CrowdSimulation
{
    const int MovedASecond = 20;

    /// <summary>The last one is none that the model is fitted on.</summary>
    public static readonly IReadOnlyList<(int Nodes, int People)> Sizes = [(2, 8000), (8, 8000), (8, 32_000), (4, 16_000)];

    public static string Name(int nodes, int people) => $"presence, {nodes} nodes, {people} people";

    public static async Task<Figures> RunAsync(int count, int people, (int Port, int Process) redis, double seconds, CancellationToken ct)
    {
        var folder = Path.Combine(Workbench.Folder, "crowd");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        await using var database = await Database.OpenAsync(Seeding.Options(Path.Combine(folder, "olha.db")), ct);
        using var lastSeen = new LastSeen(database, new AccountStore(), TimeProvider.System, NullLogger<LastSeen>.Instance);
        var url = FormattableString.Invariant($"redis://127.0.0.1:{redis.Port}");
        var ledger = new Ledger(1);
        var nodes = Enumerable.Range(0, count).Select(number => new SimulatedNode(number, url, "crowd", ledger)).ToList();
        var boards = nodes.ConvertAll(node => new PresenceBoard(node.Backplane, node.Hub, lastSeen, TimeProvider.System));
        try
        {
            foreach (var node in nodes) await node.StartAsync(ct);
            foreach (var node in nodes) await node.HearsAsync(ct);
            foreach (var board in boards) await board.StartAsync(ct);
            for (var person = 0; person < people; person++) await boards[person % count].CameAsync(person + 1);
            await KnowAsync(boards, people, ct);

            var own = Process.GetCurrentProcess();
            var (begin, ours, theirs) = (Stopwatch.GetTimestamp(), own.TotalProcessorTime, await Consumption.RedisAsync(redis.Port, ct));
            await MoveAsync(boards, people, seconds + 2, ct);
            own.Refresh();
            var passed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            var after = await Consumption.RedisAsync(redis.Port, ct);
            return new Figures(new Dictionary<string, double>
            {
                ["nodes"] = count, ["people"] = people, ["redis_cores"] = (after.Cpu - theirs.Cpu) / passed,
                ["nodes_cores"] = (own.TotalProcessorTime - ours).TotalSeconds / passed,
                ["redis_in_per_s"] = (after.In - theirs.In) / passed, ["redis_out_per_s"] = (after.Out - theirs.Out) / passed,
            });
        }
        finally
        {
            foreach (var board in boards)
            {
                await board.StopAsync(CancellationToken.None);
                board.Dispose();
            }
            await Task.WhenAll(nodes.Select(static node => node.DisposeAsync().AsTask()));
        }
    }

    // Each compares once a second.
    static async Task KnowAsync(List<PresenceBoard> boards, int people, CancellationToken ct)
    {
        var begin = Stopwatch.GetTimestamp();
        while (boards.Exists(board => board.Everybody.Online.Count < people))
        {
            if (Stopwatch.GetElapsedTime(begin).TotalSeconds > 60) throw new BenchException("not every node knows who is here after a minute.");
            await Task.Delay(50, ct);
        }
    }

    static async Task MoveAsync(List<PresenceBoard> boards, int people, double seconds, CancellationToken ct)
    {
        var (begin, moved) = (Stopwatch.GetTimestamp(), 0);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / MovedASecond));
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            // One comes who was not there, and one goes for good.
            var comes = people + moved;
            await boards[comes % boards.Count].CameAsync(comes + 1);
            await boards[moved % boards.Count].WentAsync(moved + 1, active: true);
            moved++;
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
