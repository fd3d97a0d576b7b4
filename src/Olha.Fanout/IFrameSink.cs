namespace Olha.Fanout;

/// <summary>The writing half of a socket. Called by one sender at a time.</summary>
public interface IFrameSink
{
    /// <summary>Writes whole frames; completes when the transport has taken them. The bytes are borrowed until then.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> wire);

    /// <summary>Whether <see cref="SendNow"/> may be used.</summary>
    bool SendsNow { get; }

    /// <summary>Writes as many bytes as the transport takes at once and answers how many: fewer than given, or none, when it is
    /// full. Never waits; throws when the transport is broken.</summary>
    int SendNow(ReadOnlySpan<byte> wire);

    /// <summary>Cuts the transport at once. May be called at any time, from any thread, more than once.</summary>
    void Abort();
}
