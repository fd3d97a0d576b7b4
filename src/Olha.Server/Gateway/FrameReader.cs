using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>Makes text messages of at most 64 KiB of the bytes that come, over all their fragments, and answers pings and closes
/// (RFC 6455).</summary>
/// <remarks>
/// Hot path: runs for every frame. A frame that came whole is unmasked where it lies and handed on without a copy. A buffer is
/// held only for what is not all there, or waits while the handler is busy: a silent socket holds none.
/// Called by one thread at a time. Bench: bench/Olha.Bench, FrameReaderBench; a test holds that a whole frame allocates nothing.
/// </remarks>
/// <param name="connection">Whose answers to pings and closes are written.</param>
/// <param name="handler">Gets the messages; null: nobody does.</param>
/// <param name="readOn">Called when the handler, having been busy, wants more: then <see cref="Take"/> is to be called again, with
/// nothing if nothing has come. From any thread.</param>
internal sealed class FrameReader(Connection connection, FrameHandler? handler, Action readOn)
{
    public const int MaxBytes = 64 * 1024;

    byte[] _kept = [];
    int _keptLength;
    byte[] _message = [];
    int _length;
    bool _fragmented;
    bool _over;
    volatile bool _busy;

    /// <summary>Whether the other side has said goodbye.</summary>
    public bool OtherClosed { get; private set; }

    /// <summary>Takes what has come, which it changes.</summary>
    /// <returns>Whether more is welcome now.</returns>
    public bool Take(Memory<byte> bytes)
    {
        if (_busy)
        {
            Keep(bytes.Span);
            return false;
        }
        if (_keptLength > 0)
        {
            Keep(bytes.Span);
            var read = Read(_kept.AsMemory(0, _keptLength));
            _kept.AsSpan(read, _keptLength - read).CopyTo(_kept);
            _keptLength -= read;
            if (_keptLength == 0) Return(ref _kept);
        }
        else Keep(bytes.Span[Read(bytes)..]);
        return !_busy;
    }

    /// <summary>The socket is gone.</summary>
    public void End()
    {
        _over = true;
        _keptLength = 0;
        Return(ref _kept);
        Drop();
    }

    int Read(Memory<byte> bytes)
    {
        var read = 0;
        while (!_over && !_busy && FrameHeader.TryRead(bytes.Span[read..], out var header))
        {
            if (WhyNot(header) is { } unsound)
            {
                Refuse(unsound);
                break;
            }
            var length = header.Size + (int)header.PayloadLength;
            if (bytes.Length - read < length) break;

            var payload = bytes.Slice(read + header.Size, (int)header.PayloadLength);
            read += length;
            FrameHeader.Unmask(payload.Span, header.Mask);
            Carry(header, payload);
        }
        // After a goodbye of either side nothing counts any more. It is still read: a socket that is closed with bytes unread takes
        // back the close that was just written.
        return _over ? bytes.Length : read;
    }

    void Carry(FrameHeader header, Memory<byte> payload)
    {
        switch (header.Opcode)
        {
            case Opcode.Close: Close(payload.Span); break;
            case Opcode.Ping: connection.Enqueue(Frame.Pong(payload.Span)); break;
            case Opcode.Pong: connection.Hear(); break;
            default:
                if (header.Final && !_fragmented) Tell(payload);
                else Gather(header, payload.Span);
                break;
        }
    }

    CloseCode? WhyNot(FrameHeader header)
    {
        if (!header.IsSound) return CloseCode.Framing;
        if (header.IsControl) return null;
        if (header.Opcode == Opcode.Binary) return CloseCode.Binary;
        if (header.Opcode == Opcode.Continuation != _fragmented) return CloseCode.Framing;
        return header.PayloadLength > MaxBytes - _length ? CloseCode.TooBig : null; // a sum could overflow
    }

    void Gather(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Append(ref _message, ref _length, payload);
        _fragmented = !header.Final;
        if (!header.Final) return;
        Tell(_message.AsMemory(0, _length));
        Drop();
    }

    void Tell(ReadOnlyMemory<byte> text)
    {
        if (!Utf8.IsValid(text.Span))
        {
            Refuse(CloseCode.InvalidUtf8);
            return;
        }
        if (handler is null || connection.IsClosing) return;
        var taking = handler.TakeAsync(text);
        if (taking.IsCompletedSuccessfully) return;
        _busy = true;
        _ = WaitAsync(taking);
    }

    async Task WaitAsync(ValueTask taking)
    {
        try
        {
            await taking;
        }
        catch (OperationCanceledException)
        {
            // The socket is gone.
        }
        _busy = false;
        readOn();
    }

    // RFC 6455, 7.4: the code is echoed when it is one that may be sent.
    void Close(ReadOnlySpan<byte> payload)
    {
        int? code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : null;
        if (payload.Length == 1 || code is not (null or >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999))
            Refuse(CloseCode.Framing);
        else if (code is not null && !Utf8.IsValid(payload[2..])) Refuse(CloseCode.InvalidUtf8);
        else
        {
            OtherClosed = _over = true;
            connection.AnswerClose(code);
        }
    }

    void Refuse(CloseCode code)
    {
        _over = true;
        connection.Close(code, retry: null);
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0 && !_over) Append(ref _kept, ref _keptLength, bytes);
    }

    static void Append(ref byte[] buffer, ref int length, ReadOnlySpan<byte> bytes)
    {
        if (buffer.Length < length + bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length + bytes.Length);
            buffer.AsSpan(0, length).CopyTo(larger);
            Return(ref buffer);
            buffer = larger;
        }
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    void Drop()
    {
        Return(ref _message);
        (_length, _fragmented) = (0, false);
    }

    static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
