namespace Olha.Proof;

/// <summary>All faults that are tried, in the order in which they run.</summary>
internal static class FaultTable
{
    public static IReadOnlyList<IProof> All { get; } =
    [
        new FuzzedFrames(),
        new FuzzedBodies(),
    ];
}
