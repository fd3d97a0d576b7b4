namespace Olha.Proof.Mutants;

/// <summary>The run that shows a fault.</summary>
/// <param name="Size">How big its plan is; null: as <see cref="Usual"/>.</param>
/// <param name="PowerCut">Whether only a cut of the power shows it: what was written but not synced is lost, while a killed program's is not.</param>
/// <param name="Seed">The first seed that is tried; others follow it.</param>
internal sealed record Showing(PlanOptions? Size = null, bool PowerCut = false, ulong Seed = 1)
{
    /// <summary>So many seeds are tried at most: what takes more to be seen would be overlooked.</summary>
    public const int MostSeeds = 3;

    /// <summary>Small enough for a test, and everybody does everything in it.</summary>
    public static PlanOptions Usual { get; } = new(Seconds: 2, Rate: 500);

    public PlanOptions Size { get; } = Size ?? Usual;
}
