using System.Buffers.Binary;
using Olha.Fanout;

namespace Olha.Server.Cluster;

/// <summary>Signals as bytes between nodes.</summary>
/// <remarks>
/// Little-endian: version (1 byte), sender (8), kind (1), then by kind: changes of one topic (space 1, id 8, ephemeral 1, count 4, and for each rev
/// 8, length 4, UTF-8), a topic, a tag (8) and a close code (4), a count (4) and for each a limit (1), who (8) and how much (4), or a length (4)
/// and bytes. What a node does not know, of a newer version say, it drops: comparing heads finds what was in it.
/// </remarks>
internal static class SignalWire
{
    const byte Version = 1;
    const int HeaderLength = 10;
    const int FramesLength = 14, FrameLength = 12, CutLength = 21, SpentLength = 4, SpendingLength = 13, ToldLength = 4; // after the header
    const byte Say = 1, Cut = 2, Spent = 3, Told = 4;

    /// <summary>Who sent it; null: not of a version that is known here.</summary>
    public static long? SenderOf(ReadOnlySpan<byte> message) =>
        message.Length >= HeaderLength && message[0] == Version ? BinaryPrimitives.ReadInt64LittleEndian(message[1..]) : null;

    /// <summary>Which topic's listeners it concerns; null: it is no change of a stream and concerns the node.</summary>
    public static TopicId? TopicOf(ReadOnlySpan<byte> message) =>
        message.Length > HeaderLength + 9 && message[9] == Say ? ReadTopic(message[HeaderLength..]) : null;

    /// <summary>Writes a signal.</summary>
    public static byte[] Write(long sender, Signal signal)
    {
        var message = new byte[HeaderLength + LengthOf(signal)];
        var rest = message.AsSpan();
        Put(ref rest, Version);
        Put(ref rest, sender);
        switch (signal)
        {
            case Signal.Say say: WriteFrames(ref rest, [say.Frame]); break;
            case Signal.SayAll all: WriteFrames(ref rest, all.Frames); break;
            case Signal.Cut cut:
                Put(ref rest, Cut);
                Put(ref rest, cut.Who);
                Put(ref rest, cut.Tag);
                Put(ref rest, cut.Code);
                break;
            case Signal.Spent spent:
                Put(ref rest, Spent);
                WriteSpendings(ref rest, spent.Spendings);
                break;
            case Signal.Told told:
                Put(ref rest, Told);
                Put(ref rest, told.Bytes.Length);
                told.Bytes.Span.CopyTo(rest);
                break;
        }
        return message;
    }

    /// <summary>Reads a signal; null: it is not known here, or was cut off.</summary>
    public static Signal? Read(ReadOnlySpan<byte> message)
    {
        if (SenderOf(message) is not { } sender) return null;
        var body = message[HeaderLength..];
        return message[9] switch
        {
            Say => ReadFrames(body),
            Cut when body.Length == CutLength => new Signal.Cut(
                ReadTopic(body), BinaryPrimitives.ReadInt64LittleEndian(body[9..]), BinaryPrimitives.ReadInt32LittleEndian(body[17..])),
            Spent => ReadSpendings(body, sender),
            Told when body.Length >= ToldLength && BinaryPrimitives.ReadInt32LittleEndian(body) == body.Length - ToldLength =>
                new Signal.Told(body[ToldLength..].ToArray()),
            _ => null,
        };
    }

    static int LengthOf(Signal signal) => signal switch
    {
        Signal.Say say => FramesLength + FrameLength + say.Frame.Payload.Length,
        Signal.SayAll all => FramesLength + all.Frames.Sum(static it => FrameLength + it.Payload.Length),
        Signal.Cut => CutLength,
        Signal.Spent spent => SpentLength + spent.Spendings.Count * SpendingLength,
        Signal.Told told => ToldLength + told.Bytes.Length,
        _ => throw new ArgumentException($"{signal.GetType().Name} does not travel between nodes."),
    };

    static void WriteFrames(ref Span<byte> rest, IReadOnlyList<Frame> frames)
    {
        Put(ref rest, Say);
        Put(ref rest, frames[0].Topic);
        Put(ref rest, (byte)(frames[0].Ephemeral ? 1 : 0));
        Put(ref rest, frames.Count);
        foreach (var frame in frames)
        {
            var payload = frame.Payload.Span;
            Put(ref rest, frame.Rev);
            Put(ref rest, payload.Length);
            payload.CopyTo(rest);
            rest = rest[payload.Length..];
        }
    }

    static Signal? ReadFrames(ReadOnlySpan<byte> body)
    {
        if (body.Length < FramesLength) return null;
        var topic = ReadTopic(body);
        var ephemeral = body[9] == 1;
        var count = BinaryPrimitives.ReadInt32LittleEndian(body[10..]);
        body = body[FramesLength..];
        if (count < 1 || count > body.Length / FrameLength) return null;
        var frames = new Frame[count];
        for (var i = 0; i < count; i++)
        {
            if (body.Length < FrameLength) return null;
            var (rev, length) = (BinaryPrimitives.ReadInt64LittleEndian(body), BinaryPrimitives.ReadInt32LittleEndian(body[8..]));
            if (length < 0 || length > body.Length - FrameLength) return null;
            frames[i] = Frame.Text(body.Slice(FrameLength, length), topic, rev) with { Ephemeral = ephemeral };
            body = body[(FrameLength + length)..];
        }
        return count == 1 ? new Signal.Say(frames[0]) : new Signal.SayAll(frames);
    }

    static void WriteSpendings(ref Span<byte> rest, IReadOnlyList<Spending> spendings)
    {
        Put(ref rest, spendings.Count);
        foreach (var (limit, who, count) in spendings)
        {
            Put(ref rest, limit);
            Put(ref rest, who);
            Put(ref rest, count);
        }
    }

    static Signal.Spent? ReadSpendings(ReadOnlySpan<byte> body, long sender)
    {
        if (body.Length < SpentLength + SpendingLength) return null;
        var count = BinaryPrimitives.ReadInt32LittleEndian(body);
        body = body[SpentLength..];
        if (count != body.Length / SpendingLength || body.Length % SpendingLength != 0) return null;
        var spendings = new Spending[count];
        for (var i = 0; i < count; i++, body = body[SpendingLength..])
            spendings[i] = new Spending(body[0], BinaryPrimitives.ReadInt64LittleEndian(body[1..]), BinaryPrimitives.ReadInt32LittleEndian(body[9..]));
        return new Signal.Spent(spendings, sender);
    }

    static TopicId ReadTopic(ReadOnlySpan<byte> bytes) => new(bytes[0], BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]));

    static void Put(ref Span<byte> rest, TopicId topic)
    {
        Put(ref rest, topic.Space);
        Put(ref rest, topic.Id);
    }

    static void Put(ref Span<byte> rest, byte value)
    {
        rest[0] = value;
        rest = rest[1..];
    }

    static void Put(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[4..];
    }

    static void Put(ref Span<byte> rest, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(rest, value);
        rest = rest[8..];
    }
}
