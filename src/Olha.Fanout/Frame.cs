using System.Buffers.Binary;
using System.Text;

namespace Olha.Fanout;

/// <summary>One WebSocket frame as it goes over the wire, encoded once and shared by every outbox it lies in.</summary>
/// <remarks>Server frames are not masked (RFC 6455, 5.1), so the same bytes serve everybody. They must never be written
/// again: many sockets may be reading them.</remarks>
public sealed record Frame
{
    const int TextOpcode = 1, CloseOpcode = 8, PingOpcode = 9, PongOpcode = 10;

    /// <summary>Control frames hold at most this much (RFC 6455, 5.5).</summary>
    public const int MaxControlPayload = 125;

    Frame(byte[] wire, TopicId topic = default, long rev = 0, bool ephemeral = false) =>
        (Wire, Topic, Rev, Ephemeral) = (wire, topic, rev, ephemeral);

    /// <summary>Header and payload.</summary>
    public ReadOnlyMemory<byte> Wire { get; }

    /// <summary>Where it was said; default for frames meant for one socket.</summary>
    public TopicId Topic { get; init; }

    /// <summary>Its place in the topic's stream; 0 for frames that have none.</summary>
    public long Rev { get; init; }

    /// <summary>What it was made from, for whoever on this node would otherwise have to read it back from the bytes.</summary>
    public object? Origin { get; private init; }

    /// <summary>May be dropped under pressure: nobody will ask for it again.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>The payload of a frame made here.</summary>
    public ReadOnlyMemory<byte> Payload => Wire[(Wire.Span[1] switch { 126 => 4, 127 => 10, _ => 2 })..];

    /// <param name="utf8">The payload, valid UTF-8.</param>
    /// <param name="topic">Where it is said.</param>
    /// <param name="rev">Its place in the topic's stream.</param>
    /// <param name="origin">What it was made from.</param>
    public static Frame Text(ReadOnlySpan<byte> utf8, TopicId topic = default, long rev = 0, object? origin = null) =>
        new(Encode(TextOpcode, utf8), topic, rev) { Origin = origin };

    public static Frame Ping { get; } = new(Encode(PingOpcode, []));

    public static Frame Pong(ReadOnlySpan<byte> payload) => new(Encode(PongOpcode, payload));

    /// <summary>The end: a code and a reason of at most 123 bytes.</summary>
    public static Frame Close(int code, string reason)
    {
        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return new Frame(Encode(CloseOpcode, payload));
    }

    /// <summary>The end without a code, as answer to one without.</summary>
    public static Frame CloseWithoutCode { get; } = new(Encode(CloseOpcode, []));

    static byte[] Encode(int opcode, ReadOnlySpan<byte> payload)
    {
        var header = payload.Length < 126 ? 2 : payload.Length <= ushort.MaxValue ? 4 : 10;
        var wire = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        wire[0] = (byte)(0x80 | opcode);
        switch (header)
        {
            case 2:
                wire[1] = (byte)payload.Length;
                break;
            case 4:
                wire[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(wire.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                wire[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(wire.AsSpan(2), payload.Length);
                break;
        }
        payload.CopyTo(wire.AsSpan(header));
        return wire;
    }
}
