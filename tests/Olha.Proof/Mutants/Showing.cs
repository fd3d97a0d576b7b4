namespace Olha.Proof.Mutants;

/// <summary>The run that shows a fault.</summary>
/// <param name="Seconds">How long people talk.</param>
/// <param name="Killed">Whether the node is killed and started again meanwhile.</param>
/// <param name="PowerCut">Whether only a cut of the power shows it: what was written but not synced is lost, while a killed program's is not.</param>
/// <param name="Seed">The first seed that is tried; others follow it.</param>
internal sealed record Showing(double Seconds = 3, bool Killed = false, bool PowerCut = false, ulong Seed = 1)
{
    /// <summary>So many seeds are tried at most: what takes more to be seen would be overlooked.</summary>
    public const int MostSeeds = 3;
}
