namespace Olha.Proof;

/// <summary>What F5, F6, F7 and F10 do to a cluster while the checker's devices do everything that people do.</summary>
internal static class ClusterStrikes
{
    /// <summary>Redis can be dead, hang, throw out who listens, forget everything, or fall silent on one node that doesn't notice.</summary>
    public static IReadOnlyList<IFault> OfRedis { get; } =
    [
        new Strike("redis kill", KillRedisAsync), new Strike("redis hang", HangRedisAsync), new Strike("redis cut off", CutOffRedisAsync),
        new Strike("redis flush", FlushAsync), new Strike("redis silent", SilenceAsync),
    ];

    /// <summary>PostgreSQL can be dead, hang, or throw out who is connected.</summary>
    public static IReadOnlyList<IFault> OfPostgres { get; } =
    [
        new Strike("postgres kill", KillPostgresAsync), new Strike("postgres hang", HangPostgresAsync), new Strike("postgres cut off", CutOffPostgresAsync),
    ];

    public static IReadOnlyList<IFault> All { get; } = [.. OfRedis, .. OfPostgres, new Strike("partition", PartitionAsync), new Strike("roll", RollAsync)];

    /// <param name="Name">See <see cref="IFault.Name"/>.</param>
    /// <param name="Do">What it does to the ground that the nodes stand on. One at a time.</param>
    sealed record Strike(string Name, Func<World, ClusterGround, CancellationToken, Task> Do) : IFault
    {
        public async Task RunAsync(World world, CancellationToken ct)
        {
            var ground = world.Ground ?? throw new ProofException($"{Name} strikes a cluster.");
            await ground.Turns.WaitAsync(ct);
            try
            {
                await Do(world, ground, ct);
            }
            finally
            {
                ground.Turns.Release();
            }
        }
    }

    static async Task KillRedisAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        await ground.Redis.KillAsync();
        await Task.Delay(world.Chosen.Below(2500), ct);
        await ground.Redis.StartAsync();
    }

    static async Task HangRedisAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        ground.Redis.Signal("STOP");
        await Task.Delay(500 + world.Chosen.Below(4500), ct);
        ground.Redis.Signal("CONT");
    }

    static Task CutOffRedisAsync(World world, ClusterGround ground, CancellationToken ct) => ground.Redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");

    static Task FlushAsync(World world, ClusterGround ground, CancellationToken ct) => ground.Redis.CommandAsync("FLUSHALL");

    static Task SilenceAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        var node = world.Chosen.Below(ground.ToRedis.Count);
        world.Tell($"{ground.ToRedis[node].Silence("SUBSCRIBE")} subscriptions of node {node} are silent");
        return Task.CompletedTask;
    }

    static async Task KillPostgresAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        await ground.Postgres.KillAsync();
        await Task.Delay(world.Chosen.Below(1000), ct);
        await ground.Postgres.StartAsync();
    }

    static async Task HangPostgresAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        ground.Postgres.Signal("STOP");
        await Task.Delay(500 + world.Chosen.Below(3000), ct);
        ground.Postgres.Signal("CONT");
    }

    static async Task CutOffPostgresAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        for (var times = 0; times < 5; times++)
        {
            await ground.Postgres.TerminateAsync(ground.Database, atMost: 1 + world.Chosen.Below(8));
            await Task.Delay(world.Chosen.Below(100), ct);
        }
    }

    // Between a node and Redis or PostgreSQL or both, or around a client; one way, the other, or both; silent, or with a reset.
    static async Task PartitionAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        var (chosen, time) = (world.Chosen, 200 + world.Chosen.Below(4000));
        if (chosen.Chance(200))
        {
            var net = world.Nets[chosen.Below(world.Nets.Count)];
            net.Down = true;
            await Task.Delay(time, ct);
            net.Down = false;
            return;
        }
        var node = chosen.Below(ground.ToRedis.Count);
        var (which, way) = (chosen.Below(3), chosen.Below(4));
        world.Tell($"node {node} is parted from {(which == 0 ? "Redis" : which == 1 ? "PostgreSQL" : "both")}, {(way == 0 ? "outward" : way == 1 ? "back" : way == 2 ? "both ways" : "by a reset")}, for {time} ms");
        Olha.Testing.Cable[] cables = which == 0 ? [ground.ToRedis[node]] : which == 1 ? [ground.ToPostgres[node]] : [ground.ToRedis[node], ground.ToPostgres[node]];
        foreach (var cable in cables)
            if (way == 3) cable.Cut();
            else cable.Hold(outward: way != 1, back: way != 0);
        await Task.Delay(time, ct);
        foreach (var cable in cables) cable.Mend();
    }

    // One node after the other, as an upgrade does.
    static async Task RollAsync(World world, ClusterGround ground, CancellationToken ct)
    {
        for (var number = 0; number < world.Nodes.Count; number++)
        {
            var (code, took) = await world.Nodes[number].StopAsync();
            var ready = await world.Nodes[number].StartAsync(ct);
            world.Tell($"node {number} ended with {code} after {took.TotalSeconds:0.0} s and was ready again after {ready.TotalSeconds:0.0} s");
        }
    }
}
