using System.Globalization;

namespace Olha.Load;

/// <summary>Runs loads of clusters round by round, one after the other in each, and keeps the medians.</summary>
internal static class ClusterBench
{
    public const string Without = "without Redis", With = "with Redis";
    public const string Burst = "burst", Paced = "paced";

    /// <summary>What a figure of one node with Redis may be of the same without.</summary>
    public const double MostOfWithout = 1.15;

    /// <summary>One node on PostgreSQL, as B1 and B2 load it.</summary>
    static readonly ClusterLoad[] s_redis =
    [
        .. from with in (bool[])[false, true]
           select new ClusterLoad($"{Burst}, {(with ? With : Without)}", 100, 1) { WithRedis = with, Senders = 100, Window = 1, Acked = false, Seconds = 10 },
        .. from with in (bool[])[false, true]
           select new ClusterLoad($"{Paced}, {(with ? With : Without)}", 1000, 1) { WithRedis = with, Senders = 60, Rate = 60, Seconds = 15 },
    ];

    /// <summary>A cluster of one node and of two. The last kind of load is none that the model is fitted on.</summary>
    static readonly ClusterLoad[] s_costs =
    [
        .. from nodes in (int[])[1, 2]
           from load in (ClusterLoad[])
           [
               new(Costs.Idle, 10_000, nodes) { Seconds = 12 },
               new(Costs.LargeRoom, 1000, nodes) { Senders = 60, Rate = 60 },
               new(Costs.SmallRooms, 2000, nodes) { Rooms = (200, 10), Senders = 2000, Rate = 1000 },
               new(Costs.Posts, 160, nodes) { Rooms = (20, 8), Senders = 160, Window = 12 },
               new(Costs.Check, 1200, nodes) { Rooms = (40, 30), Senders = 1200, Rate = 400 },
           ]
           select load with { Name = Costs.On(load.Name, nodes) },
    ];

    public static Task<Section> RedisAsync(ScalingChoices choices, CancellationToken ct) => RunAsync("script/bench b12", s_redis, choices, ct);

    public static Task<Section> CostsAsync(ScalingChoices choices, CancellationToken ct) => RunAsync("script/bench b13", s_costs, choices, ct);

    static async Task<Section> RunAsync(string command, ClusterLoad[] loads, ScalingChoices choices, CancellationToken ct)
    {
        var begin = DateTime.UtcNow;
        var runs = loads.ToDictionary(static load => load.Name, static _ => new List<Figures>());
        for (var round = 1; round <= choices.Rounds; round++)
            foreach (var load in loads)
            {
                if (load.Senders == 0 && round > 1) continue; // memory and silence do not differ from round to round
                var figures = await load.RunAsync(choices.Quick, ct);
                runs[load.Name].Add(figures);
                Console.WriteLine($"round {round}, {load.Name}: {Words(figures)}");
            }
        return Section.Of(command, begin, choices.Rounds, runs.ToDictionary(static it => it.Key, static it => Figures.Median(it.Value)));
    }

    static string Words(Figures figures) => string.Join(' ',
        figures.Values.Select(static it => string.Create(CultureInfo.InvariantCulture, $"{it.Key}={it.Value:0.###}")).Append(figures.Invalid is { } why ? $"DOES NOT COUNT: {why}" : ""));
}
