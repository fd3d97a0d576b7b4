using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Olha.Sockets.Tests;

/// <summary>The other side of a connection, byte by byte.</summary>
internal sealed class Peer : IDisposable
{
    public const string Upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    long _sent;

    /// <summary>Bytes that the kernel has taken.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <param name="server">Where.</param>
    /// <param name="receiveBuffer">Bytes that the kernel keeps unread, about; null: as many as it likes.</param>
    public static async Task<Peer> ConnectAsync(IPEndPoint server, int? receiveBuffer = null)
    {
        var peer = new Peer();
        if (receiveBuffer is { } size) peer._socket.ReceiveBufferSize = size;
        await peer.ConnectAsync(server);
        return peer;
    }

    public Task ConnectAsync(IPEndPoint server) => WithinAsync(ct => _socket.ConnectAsync(server, ct).AsTask());

    /// <summary>One whose socket was taken by the server.</summary>
    public static async Task<Peer> UpgradedAsync(IPEndPoint server, int? receiveBuffer = null)
    {
        var peer = await ConnectAsync(server, receiveBuffer);
        await peer.SayAsync(Upgrade);
        Assert.StartsWith("HTTP/1.1 101", await peer.HeadAsync());
        return peer;
    }

    public Task SayAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => WithinAsync(async ct =>
    {
        while (!bytes.IsEmpty)
        {
            var sent = await _socket.SendAsync(bytes, ct);
            Interlocked.Add(ref _sent, sent);
            bytes = bytes[sent..];
        }
    });

    /// <summary>Some bytes, at least one; none: the other side has ended.</summary>
    public async Task<byte[]> SomeAsync(int most)
    {
        var bytes = new byte[most];
        var got = 0;
        await WithinAsync(async ct => got = await _socket.ReceiveAsync(bytes, ct));
        return bytes[..got];
    }

    public async Task<byte[]> ExactlyAsync(int count)
    {
        var all = new byte[count];
        for (var got = 0; got < count;)
        {
            var some = await SomeAsync(count - got);
            Assert.NotEmpty(some);
            some.CopyTo(all, got);
            got += some.Length;
        }
        return all;
    }

    public async Task<string> HeardAsync(int count) => Encoding.ASCII.GetString(await ExactlyAsync(count));

    /// <summary>Everything up to the end.</summary>
    public async Task<byte[]> AllAsync()
    {
        using var all = new MemoryStream();
        while (await SomeAsync(64 * 1024) is { Length: > 0 } some) all.Write(some);
        return all.ToArray();
    }

    /// <summary>The head of an answer.</summary>
    public async Task<string> HeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append(await HeardAsync(1));
        return head.ToString();
    }

    /// <summary>An answer with a Content-Length.</summary>
    public async Task<string> AnswerAsync()
    {
        var head = await HeadAsync();
        Assert.StartsWith("HTTP/1.1 200", head);
        const string Name = "Content-Length: ";
        var at = head.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return await HeardAsync(int.Parse(head.AsSpan(at, head.IndexOf("\r\n", at, StringComparison.Ordinal) - at)));
    }

    /// <summary>Says that nothing more comes from this side.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Is gone without a word.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    static async Task WithinAsync(Func<CancellationToken, Task> what)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        await what(patience.Token);
    }
}
