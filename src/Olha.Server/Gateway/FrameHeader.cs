using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Olha.Server.Gateway;

/// <summary>What a WebSocket frame is (RFC 6455, 5.2).</summary>
internal enum Opcode { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 }

/// <summary>The head of a client's frame.</summary>
/// <param name="Final">Whether the message ends with it.</param>
/// <param name="Opcode">What it is.</param>
/// <param name="Mask">What the payload is masked with, in the wire's byte order.</param>
/// <param name="PayloadLength">Bytes of payload.</param>
/// <param name="Size">Bytes of the header itself.</param>
/// <param name="IsSound">Whether it may be sent at all: a known opcode, masked, no reserved bits, control frames short and whole.</param>
internal readonly record struct FrameHeader(bool Final, Opcode Opcode, uint Mask, long PayloadLength, int Size, bool IsSound)
{
    public bool IsControl => Opcode >= Opcode.Close;

    /// <summary>Reads the header at the start; false: it is not all there yet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < 2) return false;

        var (first, second) = (bytes[0], bytes[1]);
        var opcode = (Opcode)(first & 15);
        var final = (first & 0x80) != 0;
        var masked = (second & 0x80) != 0;
        var wide = (second & 127) switch { 126 => 2, 127 => 8, _ => 0 };
        var size = 2 + wide + (masked ? 4 : 0);
        if (bytes.Length < size) return false;

        long length = wide switch
        {
            0 => second & 127,
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
        };
        var known = opcode is Opcode.Continuation or Opcode.Text or Opcode.Binary or Opcode.Close or Opcode.Ping or Opcode.Pong;
        var sound = known && masked && length >= 0 && (first & 0x70) == 0 && (opcode < Opcode.Close || (final && length <= Fanout.Frame.MaxControlPayload));
        header = new FrameHeader(final, opcode, masked ? MemoryMarshal.Read<uint>(bytes[(2 + wide)..]) : 0, length, size, sound);
        return true;
    }

    /// <summary>The mask for what follows so many bytes of a payload.</summary>
    public static uint MaskAfter(uint mask, int bytes) =>
        BitConverter.IsLittleEndian ? BitOperations.RotateRight(mask, (bytes & 3) * 8) : BitOperations.RotateLeft(mask, (bytes & 3) * 8);

    /// <summary>Masking and unmasking are the same (RFC 6455, 5.3).</summary>
    public static void Unmask(Span<byte> payload, uint mask)
    {
        if (mask == 0) return;
        var wide = new Vector<uint>(mask);
        var step = Vector<byte>.Count;
        while (payload.Length >= step)
        {
            (new Vector<byte>(payload) ^ Vector.AsVectorByte(wide)).CopyTo(payload);
            payload = payload[step..];
        }
        Span<byte> key = stackalloc byte[4];
        MemoryMarshal.Write(key, in mask);
        for (var i = 0; i < payload.Length; i++) payload[i] ^= key[i & 3];
    }
}
