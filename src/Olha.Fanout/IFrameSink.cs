namespace Olha.Fanout;

/// <summary>The writing half of a socket. Called by one sender at a time.</summary>
public interface IFrameSink
{
    /// <summary>Writes whole frames; completes when the transport has taken them. The bytes are borrowed until then.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> wire);

    /// <summary>Cuts the transport at once. May be called at any time, from any thread, more than once.</summary>
    void Abort();
}
