namespace Olha.Proof;

/// <summary>The faults that a checker must see to be believed.</summary>
internal static class AllMutants
{
    public static IReadOnlyList<Mutant> Table { get; } =
        [.. StorageMutants.All, .. TogetherMutants.All, .. DeliveryMutants.All, .. ReadingMutants.All, .. ClusterMutants.All];
}
