using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Olha.Protocol;

namespace Olha.Server.Tests;

/// <summary>A socket that speaks v1. Frames are kept in the order in which they came, until somebody takes them.</summary>
public sealed class Ear : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    static readonly HashSet<string> s_changes = ["message", "room", "member", "place", "saved", "draft", "person", "settings"];

    readonly ClientWebSocket _socket = new();
    readonly Channel<object> _heard = Channel.CreateUnbounded<object>();
    readonly List<object> _kept = [];
    readonly SemaphoreSlim _sending = new(1);
    Task _reading = Task.CompletedTask;

    /// <summary>The starting state that the server gave.</summary>
    public Welcome Welcome { get; private set; } = null!;

    /// <summary>How the server closed; null while it is open.</summary>
    public CloseCode? Closed => (CloseCode?)(int?)_socket.CloseStatus;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Opens a socket and says hello.</summary>
    public static async Task<Ear> OpenAsync(Uri server, string token, Hello? hello = null)
    {
        var ear = await ConnectAsync(server, token);
        await ear.SendAsync(hello ?? new Hello(null, null, null, null));
        ear.Welcome = await ear.NextAsync<Welcome>();
        return ear;
    }

    /// <summary>Opens a socket and says nothing.</summary>
    public static async Task<Ear> ConnectAsync(Uri server, string token)
    {
        var ear = new Ear();
        ear._socket.Options.AddSubProtocol("olha.v1");
        ear._socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await ear._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/api/v1/socket" }.Uri, Ct);
        ear._reading = ear.ReadAsync();
        return ear;
    }

    public Task SendAsync(ClientFrame frame) => SendAsync(JsonSerializer.Serialize(frame, ProtocolJson.Wire.ClientFrame));

    public async Task SendAsync(string text)
    {
        // A socket takes one message at a time, and pongs are sent beside what the test says.
        await _sending.WaitAsync(Ct);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Ct);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The first frame of this kind that was not taken yet, waiting for it when it has not come. Others stay for later.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool>? which = null)
    {
        for (var i = 0; i < _kept.Count; i++)
            if (_kept[i] is T kept && (which is null || which(kept)))
            {
                _kept.RemoveAt(i);
                return kept;
            }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(s_patience);
        try
        {
            while (true)
            {
                var frame = await _heard.Reader.ReadAsync(patience.Token);
                if (frame is T heard && (which is null || which(heard))) return heard;
                _kept.Add(frame);
            }
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            throw new TimeoutException($"No {typeof(T).Name} came. Kept: {string.Join(", ", _kept)}");
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"The socket closed ({Closed}) before a {typeof(T).Name} came. Kept: {string.Join(", ", _kept)}");
        }
    }

    /// <summary>Everything of this kind that had been announced when this is called, and was not taken yet.</summary>
    /// <param name="witness">Somebody whose change of name comes after all of that, because announcements keep their order.</param>
    public async Task<IReadOnlyList<T>> AllAsync<T>(Guest witness)
    {
        var name = Guid.NewGuid().ToString("n");
        await witness.PatchAsync<Person>("/api/v1/me", new ProfileBody(name));
        await NextAsync<PersonChange>(change => change.Person.DisplayName == name);
        var all = _kept.OfType<T>().ToArray();
        _kept.RemoveAll(frame => frame is T);
        return all;
    }

    /// <summary>How the server closed the socket, once it has.</summary>
    public async Task<CloseCode?> ClosedAsync()
    {
        await _reading.WaitAsync(s_patience, Ct);
        return Closed;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    async Task ReadAsync()
    {
        var bytes = new byte[16 * 1024];
        using var frame = new MemoryStream();
        try
        {
            while (await _socket.ReceiveAsync(bytes.AsMemory(), CancellationToken.None) is var part && part.MessageType != WebSocketMessageType.Close)
            {
                frame.Write(bytes, 0, part.Count);
                if (!part.EndOfMessage) continue;
                var said = Read(Encoding.UTF8.GetString(frame.ToArray()));
                if (said is Ping) await SendAsync(new Pong());
                _heard.Writer.TryWrite(said);
                frame.SetLength(0);
            }
        }
        catch (WebSocketException) { }
        catch (OperationCanceledException) { }
        catch (ObjectDisposedException) { }
        finally
        {
            _heard.Writer.TryComplete();
        }
    }

    static object Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return s_changes.Contains(json.RootElement.GetProperty("type").GetString()!)
            ? JsonSerializer.Deserialize(text, ProtocolJson.Wire.Change)!
            : JsonSerializer.Deserialize(text, ProtocolJson.Wire.ServerFrame)!;
    }
}
