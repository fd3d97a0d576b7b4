namespace Olha.Bench;

/// <summary>Counts what a call allocates on the thread that makes it.</summary>
/// <remarks>The runtime counts every byte, so there is nothing to be repeated for accuracy. What happens now and then is no
/// part of a call: a queue that grows, a pool whose buffers a collection took. Of some rounds the one with the least of
/// that counts.</remarks>
internal static class Allocations
{
    const int Rounds = 5, Calls = 200;

    /// <returns>Bytes a call, once everything that is kept has been made.</returns>
    public static long Of(Action call)
    {
        for (var i = 0; i < Calls; i++) call();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++) call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        // What is left when one call in many allocates shows too.
        return (least + Calls - 1) / Calls;
    }
}
