namespace Olha.Server.Gateway;

/// <summary>Counts the posts that one socket has under way: while there are too many it is not read.</summary>
internal sealed class UnderWay
{
    const int Most = 1024;

    int _count;
    TaskCompletionSource? _room;

    /// <summary>Counts one in.</summary>
    /// <returns>Completes when the next may come.</returns>
    public ValueTask Enter()
    {
        if (Interlocked.Increment(ref _count) < Most) return ValueTask.CompletedTask;
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _room, room);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _count) < Most) room.TrySetResult(); // they went while we were looking
        return new(room.Task);
    }

    /// <summary>Counts one out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) < Most && Volatile.Read(ref _room) is not null)
            Interlocked.Exchange(ref _room, null)?.TrySetResult();
    }
}
