namespace Olha.Proof;

/// <summary>What a fault may lay hands on.</summary>
/// <param name="Nodes">The nodes, as they were started.</param>
/// <param name="Nets">By device, everything that lies between it and the nodes.</param>
/// <param name="History">Where what happens is written down.</param>
/// <param name="Chosen">For the fault's choices.</param>
/// <param name="Ground">What the nodes of a cluster stand on; null: nothing that can be struck.</param>
internal sealed record World(IReadOnlyList<Node> Nodes, IReadOnlyList<Lines> Nets, History History, Seeded Chosen, ClusterGround? Ground = null)
{
    /// <summary>A sentence for the timeline.</summary>
    public void Tell(string what) => History.Add(new Happened(History.Now, what));

    /// <summary>Every node is up, and every net, and what the nodes stand on.</summary>
    public async Task HealAsync(CancellationToken ct)
    {
        if (Ground is not null) await Ground.HealAsync();
        foreach (var net in Nets) net.Down = false;
        for (var number = 0; number < Nodes.Count; number++)
            if (Nodes[number].HasExited)
            {
                var took = await Nodes[number].StartAsync(ct);
                Tell($"node {number} is up again, ready after {took.TotalMilliseconds:0} ms");
            }
        Tell("all is healed");
    }
}

/// <summary>Something bad that happens to the world while a plan runs.</summary>
internal interface IFault
{
    /// <summary>As <see cref="Step.Text"/> names it.</summary>
    string Name { get; }

    /// <summary>Makes it happen; ends when the fault is over, or leaves it to the end of the run, when the world is healed.</summary>
    Task RunAsync(World world, CancellationToken ct);
}
