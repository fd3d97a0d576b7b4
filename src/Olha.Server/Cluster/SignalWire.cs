using System.Buffers;
using System.Buffers.Binary;
using Olha.Fanout;

namespace Olha.Server.Cluster;

/// <summary>Signals as bytes between nodes.</summary>
/// <remarks>
/// Little-endian: version (1 byte), sender (8), kind (1), then by kind: changes of one topic (space 1, id 8, ephemeral 1, count 4, and for each rev
/// 8, length 4, UTF-8), a topic, a tag (8) and a close code (4), or a limit (1), who (8) and how much (4). What a node does not know, of a newer version say, it
/// drops: comparing heads finds what was in it.
/// </remarks>
internal static class SignalWire
{
    const byte Version = 1;
    const int HeaderLength = 10;
    const byte Say = 1, Cut = 2, Spent = 3;

    /// <summary>Who sent it; null: not of a version that is known here.</summary>
    public static long? SenderOf(ReadOnlySpan<byte> message) =>
        message.Length >= HeaderLength && message[0] == Version ? BinaryPrimitives.ReadInt64LittleEndian(message[1..]) : null;

    /// <summary>Which topic's listeners it concerns; null: it is no change of a stream and concerns the node.</summary>
    public static TopicId? TopicOf(ReadOnlySpan<byte> message) =>
        message.Length > HeaderLength + 9 && message[9] == Say ? ReadTopic(message[HeaderLength..]) : null;

    /// <summary>Writes a signal.</summary>
    public static byte[] Write(long sender, Signal signal)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        Put(writer, Version);
        Put(writer, sender);
        switch (signal)
        {
            case Signal.Say say: WriteFrames(writer, [say.Frame]); break;
            case Signal.SayAll all: WriteFrames(writer, all.Frames); break;
            case Signal.Cut cut:
                Put(writer, Cut);
                Put(writer, cut.Who);
                Put(writer, cut.Tag);
                Put(writer, cut.Code);
                break;
            case Signal.Spent spent:
                Put(writer, Spent);
                Put(writer, spent.Limit);
                Put(writer, spent.Who);
                Put(writer, spent.Count);
                break;
            default: throw new ArgumentException($"{signal.GetType().Name} does not travel between nodes.");
        }
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a signal; null: it is not known here, or was cut off.</summary>
    public static Signal? Read(ReadOnlySpan<byte> message)
    {
        if (SenderOf(message) is null) return null;
        var body = message[HeaderLength..];
        return message[9] switch
        {
            Say => ReadFrames(body),
            Cut when body.Length == 21 => new Signal.Cut(
                ReadTopic(body), BinaryPrimitives.ReadInt64LittleEndian(body[9..]), BinaryPrimitives.ReadInt32LittleEndian(body[17..])),
            Spent when body.Length == 13 => new Signal.Spent(
                body[0], BinaryPrimitives.ReadInt64LittleEndian(body[1..]), BinaryPrimitives.ReadInt32LittleEndian(body[9..])),
            _ => null,
        };
    }

    static void WriteFrames(ArrayBufferWriter<byte> writer, IReadOnlyList<Frame> frames)
    {
        Put(writer, Say);
        Put(writer, frames[0].Topic);
        Put(writer, (byte)(frames[0].Ephemeral ? 1 : 0));
        Put(writer, frames.Count);
        foreach (var frame in frames)
        {
            Put(writer, frame.Rev);
            Put(writer, frame.Payload.Length);
            writer.Write(frame.Payload.Span);
        }
    }

    static Signal? ReadFrames(ReadOnlySpan<byte> body)
    {
        if (body.Length < 14) return null;
        var topic = ReadTopic(body);
        var ephemeral = body[9] == 1;
        var count = BinaryPrimitives.ReadInt32LittleEndian(body[10..]);
        body = body[14..];
        if (count < 1 || count > body.Length / 12) return null;
        var frames = new Frame[count];
        for (var i = 0; i < count; i++)
        {
            if (body.Length < 12) return null;
            var (rev, length) = (BinaryPrimitives.ReadInt64LittleEndian(body), BinaryPrimitives.ReadInt32LittleEndian(body[8..]));
            if (length < 0 || length > body.Length - 12) return null;
            frames[i] = Frame.Text(body.Slice(12, length), topic, rev) with { Ephemeral = ephemeral };
            body = body[(12 + length)..];
        }
        return count == 1 ? new Signal.Say(frames[0]) : new Signal.SayAll(frames);
    }

    static TopicId ReadTopic(ReadOnlySpan<byte> bytes) => new(bytes[0], BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]));

    static void Put(ArrayBufferWriter<byte> writer, TopicId topic)
    {
        Put(writer, topic.Space);
        Put(writer, topic.Id);
    }

    static void Put(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    static void Put(ArrayBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), value);
        writer.Advance(4);
    }

    static void Put(ArrayBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }
}
