using System.Buffers;

namespace Olha.Fanout;

/// <summary>Everyone listening to one thing.</summary>
/// <remarks>
/// Hot path: Send runs for every round of frames and visits every listener; Join and Leave are rare. A round's bytes are put
/// together once, and whoever has nothing waiting is written to from them at once, on this thread: one system call a
/// listener, no copy and no hop.
/// Listeners sit in an array that is replaced, never changed, so Send takes no lock and allocates nothing;
/// the price is a copy per Join and Leave, which run under the hub's lock (tier 1, docs/locks.md).
/// </remarks>
sealed class Topic
{
    /// <summary>Bytes of a round that go out in one write at most.</summary>
    public const int Together = 64 * 1024;

    Connection[] _listeners = [];

    /// <summary>The highest revision said here.</summary>
    public long Head;

    /// <summary>The hub's beat in which <see cref="Head"/> last moved.</summary>
    public long MovedAt;

    public int Count => Volatile.Read(ref _listeners).Length;

    public ReadOnlySpan<Connection> Listeners => Volatile.Read(ref _listeners);

    public int Send(ReadOnlySpan<Frame> round)
    {
        var listeners = Volatile.Read(ref _listeners);
        while (!round.IsEmpty)
        {
            var count = CountTogether(round, out var length);
            SendTogether(listeners, round[..count], length);
            round = round[count..];
        }
        return listeners.Length;
    }

    static int CountTogether(ReadOnlySpan<Frame> round, out int length)
    {
        length = round[0].Wire.Length;
        var count = 1;
        while (count < round.Length && length + round[count].Wire.Length <= Together) length += round[count++].Wire.Length;
        return count;
    }

    static void SendTogether(Connection[] listeners, ReadOnlySpan<Frame> round, int length)
    {
        if (round.Length == 1)
        {
            foreach (var listener in listeners) listener.Enqueue(round, round[0].Wire.Span);
            return;
        }

        // Whatever a socket does not take at once it copies, so the block is free afterwards.
        var block = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        foreach (var frame in round)
        {
            frame.Wire.Span.CopyTo(block.AsSpan(at));
            at += frame.Wire.Length;
        }
        foreach (var listener in listeners) listener.Enqueue(round, block.AsSpan(0, length)); // never waits
        ArrayPool<byte>.Shared.Return(block);
    }

    public void Join(Connection connection) => Volatile.Write(ref _listeners, [.. _listeners, connection]);

    public void Leave(Connection connection)
    {
        var at = Array.IndexOf(_listeners, connection);
        if (at >= 0) Volatile.Write(ref _listeners, [.. _listeners.AsSpan(0, at), .. _listeners.AsSpan(at + 1)]);
    }
}
