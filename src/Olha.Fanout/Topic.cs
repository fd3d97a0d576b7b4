using System.Buffers;

namespace Olha.Fanout;

/// <summary>Everyone listening to one thing.</summary>
/// <remarks>
/// Hot path: Send runs for every round of frames and visits every listener; Join and Leave are rare. A round's bytes are put
/// together once, and whoever has nothing waiting is written to from them at once, on this thread: one system call a
/// listener, no copy and no hop.
/// Listeners sit in chunks that are replaced, never changed, so Send takes no lock and allocates nothing; the price is a copy of
/// one chunk, not of a room of ten thousand, per Join and Leave, which run under the hub's lock (tier 1, docs/locks.md).
/// Bench: bench/Olha.Bench, DeliveryBench; a test holds that it allocates nothing.
/// </remarks>
sealed class Topic
{
    /// <summary>Bytes of a round that go out in one write at most.</summary>
    public const int Together = 64 * 1024;

    /// <summary>Listeners of a chunk at most.</summary>
    const int Chunk = 256;

    Connection[][] _chunks = [];
    int _count;

    /// <summary>The highest revision said here.</summary>
    public long Head;

    /// <summary>The hub's beat in which <see cref="Head"/> last moved.</summary>
    public long MovedAt;

    public int Count => Volatile.Read(ref _count);

    public ReadOnlySpan<Connection> Listeners
    {
        get
        {
            var chunks = Volatile.Read(ref _chunks);
            return chunks.Length == 1 ? chunks[0] : chunks.SelectMany(static it => it).ToArray();
        }
    }

    public int Send(ReadOnlySpan<Frame> round)
    {
        var chunks = Volatile.Read(ref _chunks);
        while (!round.IsEmpty)
        {
            var count = CountTogether(round, out var length);
            SendTogether(chunks, round[..count], length);
            round = round[count..];
        }
        return Count;
    }

    static int CountTogether(ReadOnlySpan<Frame> round, out int length)
    {
        length = round[0].Wire.Length;
        var count = 1;
        while (count < round.Length && length + round[count].Wire.Length <= Together) length += round[count++].Wire.Length;
        return count;
    }

    static void SendTogether(Connection[][] chunks, ReadOnlySpan<Frame> round, int length)
    {
        if (round.Length == 1)
        {
            SendBlock(chunks, round, round[0].Wire.Span);
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
        SendBlock(chunks, round, block.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(block);
    }

    static void SendBlock(Connection[][] chunks, ReadOnlySpan<Frame> round, ReadOnlySpan<byte> block)
    {
        foreach (var chunk in chunks)
            foreach (var listener in chunk) listener.Enqueue(round, block); // never waits
    }

    public void Join(Connection connection)
    {
        var at = Array.FindIndex(_chunks, static it => it.Length < Chunk);
        if (at < 0) Volatile.Write(ref _chunks, [.. _chunks, [connection]]);
        else Exchange(at, [.. _chunks[at], connection]);
        Volatile.Write(ref _count, _count + 1);
    }

    public void Leave(Connection connection)
    {
        for (var at = 0; at < _chunks.Length; at++)
        {
            var chunk = _chunks[at];
            var place = Array.IndexOf(chunk, connection);
            if (place < 0) continue;
            if (chunk.Length > 1) Exchange(at, [.. chunk.AsSpan(0, place), .. chunk.AsSpan(place + 1)]);
            else Volatile.Write(ref _chunks, [.. _chunks.AsSpan(0, at), .. _chunks.AsSpan(at + 1)]);
            Volatile.Write(ref _count, _count - 1);
            return;
        }
    }

    void Exchange(int at, Connection[] chunk)
    {
        Connection[][] chunks = [.. _chunks];
        chunks[at] = chunk;
        Volatile.Write(ref _chunks, chunks);
    }
}
