namespace Olha.Fanout;

/// <summary>The writing half of a socket. Called by one writer at a time.</summary>
public interface IFrameSink
{
    /// <summary>Whether <see cref="SendNow(ReadOnlySpan{byte})"/> is used, otherwise <see cref="SendAsync"/>.</summary>
    bool SendsNow { get; }

    /// <summary>Writes as many bytes as the transport takes at once and answers how many: fewer than given, or none, when it is
    /// full; then <see cref="Connection.Writable"/> must be called when it takes bytes again. Never waits; throws when the
    /// transport is broken.</summary>
    int SendNow(ReadOnlySpan<byte> wire);

    /// <summary>As <see cref="SendNow(ReadOnlySpan{byte})"/>, for bytes that lie in two places.</summary>
    int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then);

    /// <summary>Writes whole frames; completes when the transport has taken them. The bytes are borrowed until then.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> wire);

    /// <summary>All is written, the close included: nothing follows.</summary>
    void Finished();

    /// <summary>Cuts the transport at once. May be called at any time, from any thread, more than once.</summary>
    void Cut();
}
