using System.Buffers.Binary;
using System.Text;
using Olha.Fanout;

namespace Olha.Server.Cluster;

/// <summary>What one node calls out to the others.</summary>
/// <param name="Sender">Which node.</param>
internal abstract record Notice(long Sender)
{
    /// <summary>Streams have come so far.</summary>
    public sealed record Heads(long Sender, IReadOnlyList<(TopicId Topic, long Head)> Streams) : Notice(Sender);

    /// <summary>Something that is in no stream.</summary>
    public sealed record Said(long Sender, Signal Signal) : Notice(Sender);

    /// <summary>It keeps members in a set that expires.</summary>
    public sealed record Keeps(long Sender, string Set, IReadOnlyList<Kept> Members) : Notice(Sender);

    /// <summary>It has just begun to listen: all are to say what they keep.</summary>
    public sealed record Hello(long Sender) : Notice(Sender);
}

/// <summary>Notices as bytes between nodes, none longer than <see cref="MostBytes"/>.</summary>
/// <remarks>
/// Little-endian: kind (1 byte), sender (8), then by kind: heads (space 1, id 8, revision 8 each), a signal as <see cref="SignalWire"/> has
/// it, or what is kept (the set's name with its length before it, 1, then member 8 and ms 4 each). What a node does not know, of a newer
/// version say, it drops.
/// </remarks>
internal static class NoticeWire
{
    /// <summary>In base64 and behind the epoch it still fits into a notice of PostgreSQL.</summary>
    public const int MostBytes = 5900;

    const int HeaderLength = 9, HeadLength = 17, KeptLength = 12;
    const byte Heads = 1, Said = 2, Keeps = 3, Hello = 4;

    public static byte[] WriteHello(long sender) => Begin(Hello, sender, 0);

    /// <summary>A signal; null: it is too long to be told.</summary>
    public static byte[]? Write(long sender, Signal signal)
    {
        var inner = SignalWire.Write(sender, signal);
        if (HeaderLength + inner.Length > MostBytes) return null;
        var message = Begin(Said, sender, inner.Length);
        inner.CopyTo(message.AsSpan(HeaderLength));
        return message;
    }

    public static IEnumerable<byte[]> Write(long sender, IEnumerable<(TopicId Topic, long Head)> heads) =>
        heads.Chunk((MostBytes - HeaderLength) / HeadLength).Select(some =>
        {
            var message = Begin(Heads, sender, some.Length * HeadLength);
            var rest = message.AsSpan(HeaderLength);
            foreach (var (topic, head) in some)
            {
                rest[0] = topic.Space;
                BinaryPrimitives.WriteInt64LittleEndian(rest[1..], topic.Id);
                BinaryPrimitives.WriteInt64LittleEndian(rest[9..], head);
                rest = rest[HeadLength..];
            }
            return message;
        });

    public static IEnumerable<byte[]> Write(long sender, string set, IEnumerable<Kept> members)
    {
        var name = Encoding.UTF8.GetBytes(set);
        return members.Chunk((MostBytes - HeaderLength - 1 - name.Length) / KeptLength).Select(some =>
        {
            var message = Begin(Keeps, sender, 1 + name.Length + some.Length * KeptLength);
            var rest = message.AsSpan(HeaderLength);
            rest[0] = checked((byte)name.Length);
            name.CopyTo(rest[1..]);
            rest = rest[(1 + name.Length)..];
            foreach (var (member, ms) in some)
            {
                BinaryPrimitives.WriteInt64LittleEndian(rest, member);
                BinaryPrimitives.WriteInt32LittleEndian(rest[8..], ms);
                rest = rest[KeptLength..];
            }
            return message;
        });
    }

    /// <summary>Reads a notice; null: it is not known here, or was cut off.</summary>
    public static Notice? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength) return null;
        var sender = BinaryPrimitives.ReadInt64LittleEndian(message[1..]);
        var body = message[HeaderLength..];
        return message[0] switch
        {
            Heads when body.Length > 0 && body.Length % HeadLength == 0 => new Notice.Heads(sender, ReadHeads(body)),
            Said when SignalWire.Read(body) is { } signal => new Notice.Said(sender, signal),
            Keeps => ReadKeeps(sender, body),
            Hello when body.IsEmpty => new Notice.Hello(sender),
            _ => null,
        };
    }

    static (TopicId Topic, long Head)[] ReadHeads(ReadOnlySpan<byte> body)
    {
        var heads = new (TopicId, long)[body.Length / HeadLength];
        for (var i = 0; i < heads.Length; i++, body = body[HeadLength..])
            heads[i] = (new TopicId(body[0], BinaryPrimitives.ReadInt64LittleEndian(body[1..])), BinaryPrimitives.ReadInt64LittleEndian(body[9..]));
        return heads;
    }

    static Notice.Keeps? ReadKeeps(long sender, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body.Length < 1 + body[0] || (body.Length - 1 - body[0]) % KeptLength != 0) return null;
        var set = Encoding.UTF8.GetString(body.Slice(1, body[0]));
        body = body[(1 + body[0])..];
        var members = new Kept[body.Length / KeptLength];
        for (var i = 0; i < members.Length; i++, body = body[KeptLength..])
            members[i] = new Kept(BinaryPrimitives.ReadInt64LittleEndian(body), BinaryPrimitives.ReadInt32LittleEndian(body[8..]));
        return members.Length == 0 ? null : new Notice.Keeps(sender, set, members);
    }

    static byte[] Begin(byte kind, long sender, int length)
    {
        var message = new byte[HeaderLength + length];
        message[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(1), sender);
        return message;
    }
}
