using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text.Unicode;
using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Gateway;

/// <summary>Reads whole text messages of at most 64 KiB over all their fragments, and answers pings and closes (RFC 6455).</summary>
/// <remarks>While a socket is silent it holds no buffer: an empty read waits for bytes, then one is rented.</remarks>
/// <param name="stream">What comes in.</param>
/// <param name="connection">Whose answers to pings and closes are written.</param>
/// <param name="ponged">Told of each answer to a ping.</param>
internal sealed class FrameReader(Stream stream, Connection connection, Action? ponged)
{
    public const int MaxBytes = 64 * 1024;

    readonly PipeReader _pipe = PipeReader.Create(
        stream, new StreamPipeReaderOptions(bufferSize: 4096, minimumReadSize: 512, leaveOpen: true, useZeroByteReads: true));

    byte[] _message = [];
    int _length;
    bool _fragmented;

    /// <summary>Reads until the other side closes, is gone, or sends what is not spoken here.</summary>
    /// <param name="take">Gets each message's bytes, which are its own only until it completes.</param>
    /// <returns>Why we close; null: the other side closed or is gone.</returns>
    public async Task<CloseCode?> ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        try
        {
            while (true)
            {
                var result = await _pipe.ReadAsync();
                var unread = result.Buffer;
                while (FrameHeader.TryRead(unread, out var header))
                {
                    if (WhyNot(header) is { } unsound) return unsound;
                    if (unread.Length < header.Size + header.PayloadLength) break;

                    var payload = unread.Slice(header.Size, header.PayloadLength);
                    unread = unread.Slice(payload.End);
                    if (header.Opcode == Opcode.Close) return Answer(Unmasked(payload, header.Mask));
                    if (header.IsControl) Control(header.Opcode, Unmasked(payload, header.Mask));
                    else if (Gather(header, payload) is { } invalid) return invalid;
                    else if (header.Final)
                    {
                        await take(_message.AsMemory(0, _length));
                        Drop();
                    }
                }
                _pipe.AdvanceTo(unread.Start, unread.End);
                if (result.IsCompleted) return null;
            }
        }
        finally
        {
            Drop();
            _pipe.Complete();
        }
    }

    /// <summary>Reads on after our close until the other side is gone: a socket that is cut with bytes unread takes back the close
    /// that was just written. Whoever calls bounds the time.</summary>
    public async Task DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await stream.ReadAsync(buffer) > 0) { }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    CloseCode? WhyNot(FrameHeader header)
    {
        if (!header.IsSound) return CloseCode.Framing;
        if (header.IsControl) return null;
        if (header.Opcode == Opcode.Binary) return CloseCode.Binary;
        if (header.Opcode == Opcode.Continuation != _fragmented) return CloseCode.Framing;
        return _length + header.PayloadLength > MaxBytes ? CloseCode.TooBig : null;
    }

    CloseCode? Gather(FrameHeader header, ReadOnlySequence<byte> payload)
    {
        var length = (int)payload.Length;
        if (_message.Length < _length + length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_length + length);
            _message.AsSpan(0, _length).CopyTo(larger);
            if (_message.Length > 0) ArrayPool<byte>.Shared.Return(_message);
            _message = larger;
        }
        var part = _message.AsSpan(_length, length);
        payload.CopyTo(part);
        FrameHeader.Unmask(part, header.Mask);
        _length += length;
        _fragmented = !header.Final;
        return header.Final && !Utf8.IsValid(_message.AsSpan(0, _length)) ? CloseCode.InvalidUtf8 : null;
    }

    void Control(Opcode opcode, byte[] payload)
    {
        if (opcode == Opcode.Ping) connection.Enqueue(Frame.Pong(payload));
        else
        {
            connection.Hear();
            ponged?.Invoke();
        }
    }

    // RFC 6455, 7.4: the code is echoed when it is one that may be sent.
    CloseCode? Answer(byte[] payload)
    {
        if (payload.Length == 0)
        {
            connection.AnswerClose(null);
            return null;
        }
        if (payload.Length == 1) return CloseCode.Framing;
        var code = BinaryPrimitives.ReadUInt16BigEndian(payload);
        if (code is not (>= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999)) return CloseCode.Framing;
        if (!Utf8.IsValid(payload.AsSpan(2))) return CloseCode.InvalidUtf8;
        connection.AnswerClose(code);
        return null;
    }

    static byte[] Unmasked(ReadOnlySequence<byte> payload, uint mask)
    {
        var bytes = payload.ToArray();
        FrameHeader.Unmask(bytes, mask);
        return bytes;
    }

    void Drop()
    {
        if (_message.Length > 0) ArrayPool<byte>.Shared.Return(_message);
        (_message, _length, _fragmented) = ([], 0, false);
    }
}
