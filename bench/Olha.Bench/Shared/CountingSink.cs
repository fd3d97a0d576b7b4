using Olha.Fanout;

namespace Olha.Bench;

/// <summary>Stands in for a socket that has room for everything: what is measured is ours, not the kernel's.</summary>
internal sealed class CountingSink : IFrameSink
{
    /// <summary>What was written so far.</summary>
    public long Bytes { get; private set; }

    public bool SendsNow => true;

    public int SendNow(ReadOnlySpan<byte> wire)
    {
        Bytes += wire.Length;
        return wire.Length;
    }

    public int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => SendNow(first) + SendNow(then);
    public ValueTask SendAsync(ReadOnlyMemory<byte> wire) => throw new NotSupportedException();
    public void Finished() { }
    public void Cut() { }
}
