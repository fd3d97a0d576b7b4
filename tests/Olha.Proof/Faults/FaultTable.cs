namespace Olha.Proof;

/// <summary>All faults that are tried, in the order in which they run.</summary>
internal static class FaultTable
{
    public static IReadOnlyList<IProof> All { get; } =
    [
        new KillFault(),
        new PowerCutFault(),
        new DiskFault(),
        new LockFault(),
        new RedisFault(),
        new PostgresFault(),
        new PartitionFault(),
        new StuckReaders(),
        new ReconnectHerd(),
        new RollingRestart(),
        new ClockFault(),
        new BackupFault(),
        new Soak(),
        new FuzzedFrames(),
        new FuzzedBodies(),
    ];
}
