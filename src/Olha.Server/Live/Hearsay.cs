using Olha.Fanout;

namespace Olha.Server.Live;

/// <summary>What nodes tell each other of themselves, on its way. Live knows that they do, not what.</summary>
internal sealed class Hearsay(IBackplane backplane)
{
    /// <summary>Raised when another node has told something. From several threads; must be quick, must not throw.</summary>
    public event Action<ReadOnlyMemory<byte>>? Heard;

    /// <summary>Tells all others. A hint: it may be lost.</summary>
    public void Tell(ReadOnlyMemory<byte> bytes) => backplane.Publish(new Signal.Told(bytes));

    /// <summary>Another node has told something.</summary>
    public void Hear(Signal.Told told) => Heard?.Invoke(told.Bytes);
}
