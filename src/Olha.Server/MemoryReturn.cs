namespace Olha.Server;

/// <summary>Gives memory back to the system when it has become quiet: after the start, after a storm of connections, at night.</summary>
/// <remarks>The collector works when memory is asked for, so that a server which asks for none keeps what its busiest minute left.
/// A collection that compacts stops everybody for some milliseconds a hundred megabytes: it is done only where next to nothing
/// happens, and not again before as much was asked for as is in use.</remarks>
internal sealed class MemoryReturn(TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>Bytes asked for between two looks, up to which it is quiet.</summary>
    const long Quiet = 1 << 20;

    /// <summary>Bytes asked for since the last time, from which on it is worth the trouble.</summary>
    const long Worthwhile = 4 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, clock);
        long looked = 0, returned = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var asked = GC.GetTotalAllocatedBytes();
            if (asked - looked <= Quiet && asked - returned >= Math.Max(Worthwhile, GC.GetTotalMemory(forceFullCollection: false)))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                returned = asked;
            }
            looked = asked;
        }
    }
}
