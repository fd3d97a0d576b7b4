namespace Olha.Server.Gateway;

/// <summary>What a door does with the frames of one socket.</summary>
internal abstract class FrameHandler : IDisposable
{
    /// <summary>Takes one text frame; the next comes when the task completes. The bytes are borrowed for the call only. Must not
    /// block: many sockets wait for this thread.</summary>
    public abstract ValueTask TakeAsync(ReadOnlyMemory<byte> text);

    /// <summary>Whether the person is active at this socket, as far as it has said.</summary>
    public virtual bool IsActive => true;

    /// <summary>The socket is gone.</summary>
    public abstract void Dispose();
}
