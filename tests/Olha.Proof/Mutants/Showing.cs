namespace Olha.Proof;

/// <summary>The run that shows a fault.</summary>
/// <param name="Size">How big its plan is; null: as <see cref="Usual"/>.</param>
/// <param name="PowerCut">Whether only a cut of the power shows it: what was written but not synced is lost, while a killed program's is not.</param>
/// <param name="Nodes">More than one: on a PostgreSQL and a Redis of their own.</param>
/// <param name="OnPostgres">Whether it runs on PostgreSQL, because the fault is there only.</param>
internal sealed record Showing(PlanOptions? Size = null, bool PowerCut = false, int Nodes = 1, bool OnPostgres = false)
{
    /// <summary>Small enough for a test, and everybody does everything in it.</summary>
    public static PlanOptions Usual { get; } = new(Seconds: 1.5, People: 5, Devices: 11, Rate: 450, Times: new Dictionary<Act, int>
    {
        [Act.Join] = 4, [Act.Leave] = 6, [Act.Invite] = 4, [Act.Remove] = 6, [Act.Cut] = 2, [Act.Edit] = 2, [Act.Delete] = 3,
    });

    /// <summary>What nearly every fault shows itself in.</summary>
    public static Showing Run { get; } = new();

    /// <summary>What a fault of PostgreSQL's ways shows itself in.</summary>
    public static Showing Together { get; } = new(OnPostgres: true);

    /// <summary>Two people at many devices, some of which know little of the others.</summary>
    public static Showing Readers { get; } = new(
        new PlanOptions(Seconds: 1.5, People: 2, Devices: 11, Rate: 450, Times: new Dictionary<Act, int> { [Act.Read] = 8, [Act.Page] = 8 }));

    /// <summary>As usual, on two nodes.</summary>
    public static Showing TwoNodes { get; } = new(Usual, Nodes: 2);

    /// <summary>Two nodes that lose what they tell each other, at the end too.</summary>
    public static Showing LostHints { get; } = new(Usual with { Faults = ["redis kill", "redis kill", "redis kill"] }, Nodes: 2);

    public PlanOptions Size { get; } = Size ?? Usual;
}
