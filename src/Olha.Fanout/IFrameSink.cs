namespace Olha.Fanout;

/// <summary>The writing half of a socket. Called by one sender at a time.</summary>
public interface IFrameSink
{
    /// <summary>Writes one text frame; completes when the transport has taken it.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> text);

    /// <summary>Starts the closing handshake: no frame follows.</summary>
    ValueTask CloseAsync(int code, string reason);

    /// <summary>Cuts the transport at once. May be called at any time, from any thread, more than once.</summary>
    void Abort();
}
