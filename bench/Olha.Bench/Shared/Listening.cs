using Olha.Fanout;
using Olha.Server.Gateway;

namespace Olha.Bench;

/// <summary>A reader of frames whose handler is done at once, and the bytes that come to it.</summary>
internal sealed class Listening
{
    readonly byte[] _frames;
    readonly byte[] _buffer;
    readonly CountingHandler _handler = new();
    readonly FrameReader _reader;

    /// <param name="frames">What comes, masked.</param>
    public Listening(byte[] frames)
    {
        (_frames, _buffer) = (frames, [.. frames]);
        var connection = new Connection(new CountingSink(), tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
        _reader = new FrameReader(connection, _handler, readOn: static () => { });
    }

    /// <summary>Messages that the handler has had.</summary>
    public int Messages => _handler.Messages;

    /// <summary>All of it comes, in one segment.</summary>
    public void Hear()
    {
        _frames.CopyTo(_buffer); // reading unmasks where the bytes lie
        _reader.Take(_buffer);
    }

    /// <summary>All of it comes, in two segments.</summary>
    public void HearInTwo()
    {
        _frames.CopyTo(_buffer);
        _reader.Take(_buffer.AsMemory(0, _buffer.Length / 2));
        _reader.Take(_buffer.AsMemory(_buffer.Length / 2));
    }

    sealed class CountingHandler : FrameHandler
    {
        public int Messages { get; private set; }

        public override ValueTask TakeAsync(ReadOnlyMemory<byte> text)
        {
            Messages++;
            return ValueTask.CompletedTask;
        }

        public override void Dispose() { }
    }
}
