using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>Makes text messages of at most 64 KiB of the bytes that come, over all their fragments, and answers pings and closes
/// (RFC 6455).</summary>
/// <remarks>
/// Hot path: runs for every frame. A frame that came whole is unmasked where it lies and handed on without a copy. A buffer is
/// held only for what is not all there, or waits while the handler is busy: a silent socket holds none. What has come of a text is
/// looked at as it comes: one that can't be UTF-8 any more is refused before its end (Autobahn 6.4).
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
    int _sound; // so much of the message is whole characters
    int _missing; // bytes of the frame whose payload has not all come
    uint _mask; // for the next of them
    bool _final;
    bool _fragmented;
    bool _over;
    volatile bool _busy;

    /// <summary>Whether the other side has said goodbye.</summary>
    public bool OtherClosed { get; private set; }

    /// <summary>Whether what came was none of the protocol: where a frame begins is not known any more, a goodbye neither.</summary>
    public bool Failed { get; private set; }

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
        while (!_over && !_busy)
        {
            if (_missing > 0)
            {
                if (read == bytes.Length) break;
                read += GatherPart(bytes.Span[read..]);
                continue;
            }
            if (!FrameHeader.TryRead(bytes.Span[read..], out var header)) break;
            if (WhyNot(header) is { } unsound)
            {
                Refuse(unsound);
                break;
            }
            var length = header.Size + (int)header.PayloadLength;
            if (bytes.Length - read >= length)
            {
                var payload = bytes.Slice(read + header.Size, (int)header.PayloadLength);
                read += length;
                FrameHeader.Unmask(payload.Span, header.Mask);
                Carry(header, payload);
            }
            else if (header.IsControl) break; // short enough to wait for
            else
            {
                read += header.Size;
                (_missing, _mask, _final) = ((int)header.PayloadLength, header.Mask, header.Final);
            }
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
            case Opcode.Ping: connection.Answer(Frame.Pong(payload.Span)); break;
            case Opcode.Pong: connection.Hear(); break;
            default:
                if (header.Final && !_fragmented) Tell(payload);
                else if (Gather(payload.Span)) EndFrame(header.Final);
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

    int GatherPart(Span<byte> bytes)
    {
        var part = bytes[..Math.Min(_missing, bytes.Length)];
        FrameHeader.Unmask(part, _mask);
        _mask = FrameHeader.MaskAfter(_mask, part.Length);
        _missing -= part.Length;
        if (Gather(part) && _missing == 0) EndFrame(_final);
        return part.Length;
    }

    bool Gather(ReadOnlySpan<byte> payload)
    {
        Append(ref _message, ref _length, payload);
        if (WholeCharacters(_message.AsSpan(_sound, _length - _sound)) is not { } whole)
        {
            Refuse(CloseCode.InvalidUtf8);
            return false;
        }
        _sound += whole;
        return true;
    }

    void EndFrame(bool final)
    {
        _fragmented = !final;
        if (!final) return;
        Tell(_message.AsMemory(0, _length));
        Drop();
    }

    // Null: no text goes on like this. At the end a character may be begun.
    static int? WholeCharacters(ReadOnlySpan<byte> text)
    {
        var whole = text.Length;
        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            if ((text[^back] & 0xC0) == 0x80) continue; // goes on with one that began before
            if (Rune.DecodeFromUtf8(text[^back..], out _, out _) == OperationStatus.NeedMoreData) whole -= back;
            break;
        }
        return Utf8.IsValid(text[..whole]) ? whole : null;
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
        Failed = _over = true;
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
        (_length, _sound, _fragmented) = (0, 0, false);
    }

    static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
