using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Olha.Proof;

/// <summary>A WebSocket made of bytes: it sends whatever it is told to and takes nothing but what RFC 6455 lets a server send.</summary>
internal sealed class RawWebSocket : IAsyncDisposable
{
    readonly RawConnection _connection;

    RawWebSocket(RawConnection connection, HttpAnswer answer) => (_connection, Answer) = (connection, answer);

    /// <summary>The answer to the upgrade; 101 when it was granted.</summary>
    public HttpAnswer Answer { get; }

    public RawConnection Connection => _connection;

    /// <summary>A request to upgrade, whole.</summary>
    /// <param name="server">Where.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="headers">Besides those of the upgrade; one of these whose name comes again replaces it, and null leaves it out.</param>
    public static byte[] Request(Uri server, string path, params IEnumerable<(string Name, string? Value)> headers)
    {
        List<(string Name, string? Value)> all =
        [
            ("Host", server.Authority), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))),
        ];
        foreach (var header in headers)
        {
            var at = all.FindIndex(it => it.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0) all.Add(header);
            else all[at] = header;
        }
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\n");
        foreach (var (name, value) in all)
            if (value is not null) request.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.Latin1.GetBytes(request.Append("\r\n").ToString());
    }

    /// <summary>Asks for an upgrade and reads the answer, whatever it is.</summary>
    /// <param name="server">Where.</param>
    /// <param name="request">As <see cref="Request"/> makes it; frames may follow in the same bytes.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<RawWebSocket> OpenAsync(Uri server, ReadOnlyMemory<byte> request, CancellationToken ct)
    {
        var connection = await RawConnection.OpenAsync(server, ct);
        await connection.SendAsync(request, ct);
        var answer = await HttpAnswer.ReadAsync(connection, ct) ?? throw new ProofException("The upgrade was not answered.");
        return new RawWebSocket(connection, answer);
    }

    /// <summary>The value that <c>Sec-WebSocket-Accept</c> must have for a key (RFC 6455, 4.2.2).</summary>
    public static string AcceptFor(string key)
    {
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 asks for; nothing is kept secret by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.Latin1.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }

    /// <summary>Sends frames in one write.</summary>
    public Task SendAsync(CancellationToken ct, params RawFrame[] frames) =>
        _connection.SendAsync(frames.SelectMany(static it => it.ToBytes()).ToArray(), ct);

    /// <summary>Says a text.</summary>
    public Task SayAsync(string text, CancellationToken ct) => SendAsync(ct, new RawFrame(RawFrame.Text, Encoding.UTF8.GetBytes(text)));

    /// <summary>The next frame; null: the connection ended.</summary>
    /// <exception cref="ProofException">The frame is none that a server may send here: masked, in fragments, with reserved bits, an unknown
    /// opcode, or half of one.</exception>
    public async Task<RawFrame?> ReadAsync(CancellationToken ct)
    {
        var head = await _connection.ReadAsync(2, ct);
        if (head.Length == 0) return null;
        if (head.Length < 2) throw new ProofException("The connection ended inside of a frame.");
        var (opcode, length) = (head[0] & 15, (ulong)(head[1] & 127));
        if ((head[0] & 0xF0) != 0x80 || head[1] >= 0x80 || opcode is not (RawFrame.Text or RawFrame.Close or RawFrame.Ping or RawFrame.Pong))
            throw new ProofException($"No server may send a frame that begins with {Convert.ToHexString(head)}.");
        if (length == 126) length = BinaryPrimitives.ReadUInt16BigEndian(await ExactlyAsync(2, ct));
        else if (length == 127) length = BinaryPrimitives.ReadUInt64BigEndian(await ExactlyAsync(8, ct));
        if (opcode >= RawFrame.Close && length > 125) throw new ProofException($"A control frame of {length} bytes.");
        return new RawFrame(opcode, await ExactlyAsync(checked((int)length), ct)) { Mask = null };
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    async Task<byte[]> ExactlyAsync(int count, CancellationToken ct)
    {
        var bytes = await _connection.ReadAsync(count, ct);
        return bytes.Length == count ? bytes : throw new ProofException("The connection ended inside of a frame.");
    }
}
