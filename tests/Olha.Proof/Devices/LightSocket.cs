using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace Olha.Proof;

/// <summary>A WebSocket client on a bare socket, made for thousands of them: what is read lies in one small buffer, nothing is checked that
/// the protocol does not need.</summary>
internal sealed class LightSocket : IDisposable
{
    const int SmallBuffer = 4096, LargeBuffer = 64 * 1024;
    const int Text = 1, Close = 8, Ping = 9, Pong = 10;

    readonly Socket _socket;
    readonly Lock _sending = new();
    byte[] _buffer = new byte[SmallBuffer];
    int _from, _to;

    LightSocket(Socket socket) => _socket = socket;

    /// <summary>This side's end.</summary>
    public IPEndPoint? End { get; private set; }

    /// <summary>Connects and upgrades.</summary>
    /// <param name="server">Where.</param>
    /// <param name="source">The address to come from: one has some 28,000 ports, and one that was closed is not free at once.</param>
    /// <param name="token">A session's secret.</param>
    /// <param name="receiveBuffer">Bytes that the kernel keeps for a reader that does not read; null: as many as it likes.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="IOException">It was refused, or broke.</exception>
    /// <exception cref="SocketException">It broke.</exception>
    public static async Task<LightSocket> OpenAsync(Uri server, IPAddress source, string token, int? receiveBuffer, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes) socket.ReceiveBufferSize = bytes;
        var light = new LightSocket(socket);
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
            light.End = (IPEndPoint)socket.LocalEndPoint!;
            await socket.ConnectAsync(IPAddress.Loopback, server.Port, ct);
            await light.UpgradeAsync(server, token, ct);
            return light;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a text frame; waits when the kernel takes no more.</summary>
    public void Send(ReadOnlySpan<byte> text) => Send(Text, text);

    /// <summary>The next text frame's bytes, good until the next call; null: the server said goodbye, with the code in <see cref="CloseCode"/>.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken ct)
    {
        while (true)
        {
            var (opcode, payload) = await FrameAsync(ct);
            switch (opcode)
            {
                case Text: return payload;
                case Ping: Send(Pong, payload.Span); break;
                case Close:
                    CloseCode = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload.Span) : 1005;
                    return null;
                default: throw new IOException($"A frame of opcode {opcode} came.");
            }
        }
    }

    /// <summary>What the server's close said.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Breaks the connection as a cable that is cut does, but that the other side learns of it.</summary>
    public void Cut()
    {
        try
        {
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            // It is broken already.
        }
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    async Task UpgradeAsync(Uri server, string token, CancellationToken ct)
    {
        var request = string.Create(CultureInfo.InvariantCulture,
            $"GET /api/v1/socket HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: olha.v1\r\nAuthorization: Bearer {token}\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), ct);
        int end;
        while ((end = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n\r\n"u8)) < 0) await FillAsync(_to - _from + 1, ct);
        var head = Encoding.ASCII.GetString(_buffer, _from, end);
        if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)) throw new IOException($"The upgrade was answered with {head.Split('\r')[0]}.");
        _from += end + 4;
    }

    async ValueTask<(int Opcode, ReadOnlyMemory<byte> Payload)> FrameAsync(CancellationToken ct)
    {
        await FillAsync(2, ct);
        var (opcode, shape) = (_buffer[_from] & 0xF, _buffer[_from + 1]);
        if ((_buffer[_from] & 0xF0) != 0x80 || shape > 127) throw new IOException("A frame came that is in parts, extended or masked.");
        var header = shape switch { 126 => 4, 127 => 10, _ => 2 };
        await FillAsync(header, ct);
        var length = shape switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_from + 2)),
            127 => checked((int)BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_from + 2))),
            _ => shape,
        };
        await FillAsync(header + length, ct);
        var payload = _buffer.AsMemory(_from + header, length);
        _from += header + length;
        return (opcode, payload);
    }

    // Until so many bytes lie together.
    async ValueTask FillAsync(int needed, CancellationToken ct)
    {
        if (_to - _from >= needed) return;
        var rest = _to - _from;
        if (needed > _buffer.Length || (_buffer.Length > LargeBuffer && needed <= SmallBuffer && rest <= SmallBuffer))
        {
            // A starting state is large; what follows is small again.
            var other = new byte[Math.Max(SmallBuffer, (int)BitOperations.RoundUpToPowerOf2((uint)needed))];
            _buffer.AsSpan(_from, rest).CopyTo(other);
            _buffer = other;
        }
        else if (_from > 0) _buffer.AsSpan(_from, rest).CopyTo(_buffer);
        (_from, _to) = (0, rest);
        while (_to < needed)
        {
            var got = await _socket.ReceiveAsync(_buffer.AsMemory(_to), ct);
            if (got == 0) throw new IOException("The connection ended without a goodbye.");
            _to += got;
        }
    }

    // The mask is of zeros, which changes nothing: it is there to protect proxies, of which there are none.
    void Send(int opcode, ReadOnlySpan<byte> payload)
    {
        var wire = ArrayPool<byte>.Shared.Rent(payload.Length + 14);
        var header = payload.Length < 126 ? 2 : 4;
        wire[0] = (byte)(0x80 | opcode);
        wire[1] = (byte)(0x80 | (payload.Length < 126 ? payload.Length : 126));
        if (header == 4) BinaryPrimitives.WriteUInt16BigEndian(wire.AsSpan(2), checked((ushort)payload.Length));
        wire.AsSpan(header, 4).Clear();
        payload.CopyTo(wire.AsSpan(header + 4));
        lock (_sending)
        {
            for (var rest = wire.AsSpan(0, header + 4 + payload.Length); rest.Length > 0;) rest = rest[_socket.Send(rest)..];
        }
        ArrayPool<byte>.Shared.Return(wire);
    }
}
