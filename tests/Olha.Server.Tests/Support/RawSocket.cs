using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Server.Tests;

/// <summary>A WebSocket made of bytes: sends what no library would send, and reads only when told to.</summary>
public sealed class RawSocket : IAsyncDisposable
{
    public const int Continuation = 0, Text = 1, Binary = 2, CloseFrame = 8, Ping = 9, Pong = 10;

    readonly TcpClient _tcp = new() { NoDelay = true };
    readonly Queue<(int Opcode, byte[] Payload)> _early = new();
    Stream _stream = Stream.Null;

    /// <summary>The status of the answer to the upgrade; 101 when it was granted.</summary>
    public int Status { get; private set; }

    /// <summary>The head of the answer to the upgrade.</summary>
    public string Head { get; private set; } = "";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Asks for an upgrade.</summary>
    public static Task<RawSocket> OpenAsync(Uri server, string path, params (string Name, string Value)[] headers) =>
        OpenAsync(server, path, receiveBuffer: null, headers);

    /// <summary>Asks for an upgrade; over TLS when that is what the address says, whoever signed its certificate.</summary>
    /// <param name="server">Where.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="receiveBuffer">Bytes that the kernel keeps unread, about; null: as many as it likes.</param>
    /// <param name="headers">Beside those of every upgrade.</param>
    public static async Task<RawSocket> OpenAsync(Uri server, string path, int? receiveBuffer, params (string Name, string Value)[] headers)
    {
        var socket = new RawSocket();
        if (receiveBuffer is { } size) socket._tcp.ReceiveBufferSize = size;
        await socket._tcp.ConnectAsync(server.Host, server.Port, Ct);
        socket._stream = socket._tcp.GetStream();
        if (server.Scheme == Uri.UriSchemeHttps)
        {
            var tls = new SslStream(socket._stream);
            socket._stream = tls;
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = server.Host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={server.Host}",
            }, Ct);
        }
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
            .Append($"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}\r\n");
        foreach (var (name, value) in headers) request.Append($"{name}: {value}\r\n");
        await socket._stream.WriteAsync(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()), Ct);
        await socket.ReadHeadAsync();
        return socket;
    }

    /// <summary>A v1 socket that has not said hello.</summary>
    public static Task<RawSocket> ClientAsync(Uri server, Guest guest, int? receiveBuffer = null) => OpenAsync(
        server, "/api/v1/socket", receiveBuffer, ("Authorization", $"Bearer {guest.Token}"), ("Sec-WebSocket-Protocol", "olha.v1"));

    /// <summary>A v1 socket that was welcomed.</summary>
    public static async Task<RawSocket> WelcomedAsync(Uri server, Guest guest, int? receiveBuffer = null)
    {
        var socket = await ClientAsync(server, guest, receiveBuffer);
        await socket.SayAsync("""{"type":"hello"}""");
        Assert.Equal("welcome", (await socket.HearAsync()).GetProperty("type").GetString());
        return socket;
    }

    /// <summary>A socket at the original's door that hears what is said from now on: a pong comes only from who is in.</summary>
    public static async Task<RawSocket> OriginalAsync(Uri server, Guest guest)
    {
        var socket = await OpenAsync(server, $"/api/ws/{guest.Id}", ("Cookie", $"olha_session={guest.Token}"));
        if (socket.Status != 101) return socket;
        await socket.SendAsync(Ping, "in?"u8.ToArray());
        var early = new List<(int, byte[])>();
        while (await socket.ReadAsync() is var (opcode, payload) && opcode != Pong) early.Add((opcode, payload));
        foreach (var frame in early) socket._early.Enqueue(frame);
        return socket;
    }

    public Task SayAsync(string text) => SendAsync(Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Sends one frame as it is.</summary>
    public Task SendAsync(int opcode, byte[] payload, bool final = true) => SendRawAsync(Frame(opcode, payload, final));

    /// <summary>A frame as bytes.</summary>
    public static byte[] Frame(int opcode, byte[] payload, bool final = true)
    {
        var header = new byte[14];
        header[0] = (byte)((final ? 0x80 : 0) | opcode);
        int length;
        if (payload.Length < 126) (header[1], length) = ((byte)(0x80 | payload.Length), 2);
        else if (payload.Length <= ushort.MaxValue)
        {
            header[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)payload.Length);
            length = 4;
        }
        else
        {
            header[1] = 0x80 | 127;
            BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(2), payload.Length);
            length = 10;
        }
        // The mask of zeros is as good as any.
        return [.. header.AsSpan(0, length + 4), .. payload];
    }

    /// <summary>Sends bytes as they are.</summary>
    public Task SendRawAsync(byte[] wire) => _stream.WriteAsync(wire, Ct).AsTask();

    /// <summary>The next text frame as JSON. A ping is answered: whoever listens for long would be taken for gone.</summary>
    public async Task<JsonElement> HearAsync()
    {
        while (true)
        {
            var (opcode, payload) = await ReadAsync() ?? throw new InvalidOperationException("The socket was cut.");
            if (opcode == Text)
            {
                var frame = JsonSerializer.Deserialize(payload, TestJson.Default.JsonElement);
                if (frame.GetProperty("type").GetString() == "ping") await SayAsync("""{"type":"pong"}""");
                return frame;
            }
            if (opcode == Ping) await SendAsync(Pong, payload);
            if (opcode == CloseFrame) throw new InvalidOperationException($"Closed: {BinaryPrimitives.ReadUInt16BigEndian(payload)}");
        }
    }

    /// <summary>The next text frame of this type.</summary>
    public async Task<JsonElement> HearAsync(string type)
    {
        while (true)
            if (await HearAsync() is var frame && frame.GetProperty("type").GetString() == type) return frame;
    }

    /// <summary>The body of the next message that a person wrote.</summary>
    public async Task<string> HearTextAsync()
    {
        while (true)
            if ((await HearAsync("message")).GetProperty("message") is var message && message.TryGetProperty("body", out var body))
                return body.GetString()!;
    }

    /// <summary>The code with which the server closes; null: it cut the socket without one.</summary>
    public async Task<CloseCode?> ClosedAsync()
    {
        while (await ReadAsync() is var (opcode, payload))
            if (opcode == CloseFrame) return (CloseCode)BinaryPrimitives.ReadUInt16BigEndian(payload);
        return null;
    }

    /// <summary>The next frame; null: the other side is gone.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadAsync()
    {
        if (_early.TryDequeue(out var frame)) return frame;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            var header = new byte[8];
            await _stream.ReadExactlyAsync(header.AsMemory(0, 2), patience.Token);
            var opcode = header[0] & 15;
            long length = header[1] & 127;
            if (length >= 126)
            {
                var wide = length == 126 ? 2 : 8;
                await _stream.ReadExactlyAsync(header.AsMemory(0, wide), patience.Token);
                length = wide == 2 ? BinaryPrimitives.ReadUInt16BigEndian(header) : BinaryPrimitives.ReadInt64BigEndian(header);
            }
            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, patience.Token);
            return (opcode, payload);
        }
        catch (Exception cause) when (cause is EndOfStreamException or IOException)
        {
            return null;
        }
    }

    /// <summary>Nothing follows the close: the connection ends.</summary>
    public async Task EndedAsync() => Assert.Null(await ReadAsync());

    /// <summary>Says that nothing more comes from this side.</summary>
    public void EndSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Is gone without a word.</summary>
    public void Reset()
    {
        _tcp.LingerState = new LingerOption(true, 0);
        _tcp.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task ReadHeadAsync()
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await _stream.ReadAsync(one, Ct) == 0) break;
            head.Add(one[0]);
        }
        Head = Encoding.ASCII.GetString([.. head]);
        Status = int.Parse(Head.Split(' ')[1]);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
sealed partial class TestJson : System.Text.Json.Serialization.JsonSerializerContext;
