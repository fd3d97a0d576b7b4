namespace Olha.Server.Gateway;

/// <summary>What a door does with the frames of one socket.</summary>
internal abstract class FrameHandler : IDisposable
{
    /// <summary>Takes one text frame; the next is read when this completes. The bytes are borrowed until then.</summary>
    public abstract ValueTask TakeAsync(ReadOnlyMemory<byte> text);

    /// <summary>The socket is gone.</summary>
    public abstract void Dispose();
}
