using System.Buffers.Binary;

namespace Olha.Proof;

/// <summary>A WebSocket frame as a client would send it, or as no client should: every field of RFC 6455, 5.2 can be wrong.</summary>
/// <param name="Opcode">0 to 15.</param>
/// <param name="Payload">Before it is masked.</param>
/// <param name="Final">The bit that ends a message.</param>
internal sealed record RawFrame(int Opcode, ReadOnlyMemory<byte> Payload, bool Final = true)
{
    public const int Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;

    /// <summary>The reserved bits, 0 to 7.</summary>
    public int Reserved { get; init; }

    /// <summary>What the payload is masked with, in the wire's order; null: it is not masked.</summary>
    public uint? Mask { get; init; } = 0xA5_3C_0F_96;

    /// <summary>The length that the head claims; null: the payload's.</summary>
    public ulong? Length { get; init; }

    /// <summary>Bytes of the length after the second byte: 0, 2 or 8; null: as few as it needs.</summary>
    public int? Wide { get; init; }

    /// <summary>A close with a code and a reason.</summary>
    public static RawFrame Closing(int code, ReadOnlySpan<byte> reason = default)
    {
        var payload = new byte[2 + reason.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        reason.CopyTo(payload.AsSpan(2));
        return new RawFrame(Close, payload);
    }

    /// <summary>A text in fragments, cut at these places of its payload, ascending.</summary>
    public static RawFrame[] Fragments(ReadOnlyMemory<byte> text, params ReadOnlySpan<int> cuts)
    {
        var frames = new RawFrame[cuts.Length + 1];
        for (var (i, from) = (0, 0); i < frames.Length; i++)
        {
            var to = i < cuts.Length ? cuts[i] : text.Length;
            frames[i] = new RawFrame(i == 0 ? Text : Continuation, text[from..to], Final: i == cuts.Length);
            from = to;
        }
        return frames;
    }

    /// <summary>A text in fragments of so many bytes each.</summary>
    public static RawFrame[] FragmentsOf(int size, ReadOnlyMemory<byte> text)
    {
        var cuts = new int[Math.Max(0, (text.Length - 1) / size)];
        for (var i = 0; i < cuts.Length; i++) cuts[i] = (i + 1) * size;
        return Fragments(text, cuts);
    }

    /// <summary>As it goes over the wire.</summary>
    public byte[] ToBytes()
    {
        var length = Length ?? (ulong)Payload.Length;
        var wide = Wide ?? (length < 126 ? 0 : length <= ushort.MaxValue ? 2 : 8);
        var bytes = new byte[2 + wide + (Mask is null ? 0 : 4) + Payload.Length];
        bytes[0] = (byte)((Final ? 0x80 : 0) | Reserved << 4 | Opcode);
        bytes[1] = (byte)((Mask is null ? 0 : 0x80) | wide switch { 0 => (int)length, 2 => 126, _ => 127 });
        if (wide == 2) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
        if (wide == 8) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), length);
        var at = 2 + wide;
        Payload.Span.CopyTo(bytes.AsSpan(bytes.Length - Payload.Length));
        if (Mask is not { } mask) return bytes;

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), mask);
        var key = bytes.AsSpan(at, 4);
        var payload = bytes.AsSpan(at + 4);
        for (var i = 0; i < payload.Length; i++) payload[i] ^= key[i & 3];
        return bytes;
    }
}
