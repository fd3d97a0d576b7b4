using System.Buffers.Binary;
using System.Text;

namespace Olha.Server.Tls;

/// <summary>What a client says before anything is encrypted (RFC 8446, 4.1.2), as far as it is asked here.</summary>
/// <param name="ServerName">The host that it wants (RFC 6066, 3); null: it did not say.</param>
/// <param name="IsChallenge">It speaks <c>acme-tls/1</c> and nothing else (RFC 8737, 3): an authority that comes to look.</param>
internal readonly record struct ClientHello(string? ServerName, bool IsChallenge)
{
    /// <summary>Of a record, before its content.</summary>
    public const int HeaderBytes = 5;

    const int ServerNameExtension = 0, ProtocolsExtension = 16;

    /// <summary>Whether bytes begin as TLS does: a handshake.</summary>
    public static bool IsTls(byte first) => first == 22;

    /// <summary>How long the first record's content is.</summary>
    public static int LengthOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[3..]);

    /// <param name="record">The first record's content. What is no hello says nothing: the handshake will fail.</param>
    public static ClientHello Read(ReadOnlySpan<byte> record)
    {
        try
        {
            if (record[0] != 1) return default;
            var rest = record[(4 + 2 + 32)..]; // type and length, version, random
            Take(ref rest, 1); // session
            Take(ref rest, 2); // ciphers
            Take(ref rest, 1); // compressions
            return ReadExtensions(Take(ref rest, 2));
        }
        catch (ArgumentOutOfRangeException)
        {
            return default;
        }
        catch (IndexOutOfRangeException)
        {
            return default;
        }
    }

    static ClientHello ReadExtensions(ReadOnlySpan<byte> extensions)
    {
        string? name = null;
        var challenge = false;
        while (!extensions.IsEmpty)
        {
            var kind = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            var content = Take(ref extensions, 2);
            if (kind == ServerNameExtension)
            {
                var names = Take(ref content, 2)[1..]; // its kind: there is one
                name = Encoding.ASCII.GetString(Take(ref names, 2));
            }
            else if (kind == ProtocolsExtension)
            {
                var protocols = Take(ref content, 2);
                challenge = Take(ref protocols, 1).SequenceEqual("acme-tls/1"u8) && protocols.IsEmpty;
            }
        }
        return new ClientHello(name, challenge);
    }

    // As much as its length says, which stands before it.
    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int lengthBytes)
    {
        var length = lengthBytes == 1 ? from[0] : BinaryPrimitives.ReadUInt16BigEndian(from);
        var taken = from.Slice(lengthBytes, length);
        from = from[(lengthBytes + length)..];
        return taken;
    }
}
