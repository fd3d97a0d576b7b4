namespace Olha.Proof;

/// <summary>The run that shows a fault.</summary>
/// <param name="Size">How big its plan is; null: as <see cref="Usual"/>.</param>
/// <param name="PowerCut">Whether only a cut of the power shows it: what was written but not synced is lost, while a killed program's is not.</param>
internal sealed record Showing(PlanOptions? Size = null, bool PowerCut = false)
{
    /// <summary>Small enough for a test, and everybody does everything in it.</summary>
    public static PlanOptions Usual { get; } = new(Seconds: 1.5, People: 5, Devices: 11, Rate: 450, Comings: 3);

    /// <summary>What nearly every fault shows itself in.</summary>
    public static Showing Run { get; } = new();

    public PlanOptions Size { get; } = Size ?? Usual;
}
