using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Somebody who talks in General over the v1 socket at a steady pace, comes back after every broken connection, and asks
/// again for whatever was not acknowledged, as docs/protocol.md says.</summary>
internal sealed class Talker : IDisposable
{
    /// <summary>So many may be under way before it waits for answers.</summary>
    const int MostOpen = 256;

    static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(4);

    readonly HttpClient _http;
    readonly Uri _socket;
    readonly string _name;
    readonly Conversation _conversation;
    readonly Lock _gate = new();
    readonly SortedDictionary<int, Saying> _open = [];
    int _count;

    Talker(HttpClient http, string token, string name, Conversation conversation)
    {
        (_http, Token, _name, _conversation) = (http, token, name, conversation);
        _socket = new UriBuilder(http.BaseAddress!) { Scheme = "ws", Path = "/api/v1/socket" }.Uri;
    }

    /// <summary>The session's.</summary>
    public string Token { get; }

    /// <summary>Whether nothing waits for an answer.</summary>
    public bool IsAnswered { get { lock (_gate) return _open.Count == 0; } }

    /// <summary>What it waits for, in words.</summary>
    public string Waits
    {
        get
        {
            lock (_gate)
            {
                var asked = _open.Values.Where(static it => it.DueAt is null).ToList();
                var longest = asked.Count == 0 ? 0 : asked.Max(static it => Stopwatch.GetElapsedTime(it.TriedAt).TotalSeconds);
                return $"{_name}: {_open.Count} open, {asked.Count} of them on their way for up to {longest:0.0} s";
            }
        }
    }

    /// <summary>Makes an account.</summary>
    public static async Task<Talker> SignUpAsync(Uri server, string name, Conversation conversation, CancellationToken ct)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
        var body = JsonSerializer.Serialize(new SignUpBody(name, "correct horse battery", Bearer: true), ProtocolJson.Wire.SignUpBody);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/api/v1/users", UriKind.Relative), content, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode) throw new ProofException($"{name} could not sign up: {(int)answer.StatusCode} {text}");
        var token = JsonSerializer.Deserialize(text, ProtocolJson.Wire.SessionAnswer)!.Token!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(http, token, name, conversation);
    }

    /// <summary>Talks until <paramref name="enough"/>, and then goes on until all that was said is acknowledged.</summary>
    /// <param name="perSecond">New posts a second.</param>
    /// <param name="words">Makes what is said; gets its number.</param>
    /// <param name="enough">Says nothing new from then on.</param>
    /// <param name="ct">Gives up.</param>
    public async Task TalkAsync(double perSecond, Func<int, string> words, CancellationToken enough, CancellationToken ct)
    {
        var pace = new Pace(perSecond);
        while (!ct.IsCancellationRequested && !(enough.IsCancellationRequested && IsAnswered))
        {
            try
            {
                using var socket = new ClientWebSocket();
                var room = await OpenAsync(socket, ct);
                AskAgain();
                var listening = ListenAsync(socket, ct);
                while (!listening.IsCompleted && !(enough.IsCancellationRequested && IsAnswered))
                {
                    if (Next(pace, words, enough.IsCancellationRequested) is { } said) await SayAsync(socket, room, said, ct);
                    else await Task.WhenAny(listening, Task.Delay(s_beat, ct));
                }
                socket.Abort();
                await listening;
            }
            catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException || (
                exception is OperationCanceledException && !ct.IsCancellationRequested))
            {
                await Task.Delay(10, ct); // nobody there: a client waits longer, but this one has to find out
            }
        }
    }

    /// <summary>All messages of General, read page by page.</summary>
    public Task<IReadOnlyList<Message>> ReadAsync(CancellationToken ct) => Pages.ReadAsync(_http, room: 1, ct);

    public void Dispose() => _http.Dispose();

    async Task<long> OpenAsync(ClientWebSocket socket, CancellationToken ct)
    {
        socket.Options.AddSubProtocol("olha.v1");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Token}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        await socket.ConnectAsync(_socket, patience.Token);
        await socket.SendAsync("{\"type\":\"hello\"}"u8.ToArray(), WebSocketMessageType.Text, true, patience.Token);
        using var frame = new MemoryStream();
        if (!await ReadAsync(socket, frame, patience.Token)) throw new WebSocketException("Closed before welcome.");
        return JsonSerializer.Deserialize(frame.ToArray(), ProtocolJson.Wire.ServerFrame) is Welcome welcome
            ? welcome.Rooms[0].RoomId
            : throw new ProofException($"Instead of welcome came {Encoding.UTF8.GetString(frame.ToArray())}");
    }

    void AskAgain()
    {
        lock (_gate)
            foreach (var said in _open.Values) said.DueAt = 0;
    }

    /// <summary>What is to be said now: what is due again before what is new, so that one's order stays.</summary>
    Saying? Next(Pace pace, Func<int, string> words, bool nothingNew)
    {
        lock (_gate)
        {
            foreach (var open in _open.Values)
                if (open.DueAt <= Environment.TickCount64) return Take(open);
            if (nothingNew || _open.Count >= MostOpen || !pace.TryTake()) return null;

            _count++;
            var said = new Saying(_name, _count, words(_count));
            _open.Add(_count, said);
            _conversation.Add(said);
            return Take(said);
        }

        static Saying Take(Saying said)
        {
            said.DueAt = null;
            said.TriedAt = Stopwatch.GetTimestamp();
            return said;
        }
    }

    static async Task SayAsync(ClientWebSocket socket, long room, Saying said, CancellationToken ct)
    {
        var frame = JsonSerializer.SerializeToUtf8Bytes<ClientFrame>(new Post(room, said.Cid, said.Body), ProtocolJson.Wire.ClientFrame);
        await socket.SendAsync(frame, WebSocketMessageType.Text, true, ct);
    }

    async Task ListenAsync(ClientWebSocket socket, CancellationToken ct)
    {
        using var frame = new MemoryStream();
        try
        {
            while (await ReadAsync(socket, frame, ct)) await HearAsync(socket, frame.GetBuffer().AsMemory(0, (int)frame.Length), ct);
        }
        // Disposed: it was aborted between two reads, at the end of a conversation.
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException) { }
    }

    async Task HearAsync(ClientWebSocket socket, ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        var text = frame.Span;
        if (text.StartsWith("{\"type\":\"ping\""u8))
        {
            await socket.SendAsync("{\"type\":\"pong\"}"u8.ToArray(), WebSocketMessageType.Text, true, ct);
            return;
        }
        if (!text.StartsWith("{\"type\":\"ack\""u8) && !text.StartsWith("{\"type\":\"refused\""u8)) return;

        switch (JsonSerializer.Deserialize(text, ProtocolJson.Wire.ServerFrame))
        {
            case Ack ack when Take(ack.Cid) is { } said:
                _conversation.Acknowledge(said, ack);
                lock (_gate) _open.Remove(said.Number);
                break;
            case Refused { Cid: { } cid } refused when Take(cid) is { } said:
                _conversation.Refuse(said, refused);
                lock (_gate) said.DueAt = Environment.TickCount64 + (refused.RetryAfterMs ?? 500);
                break;
            default:
                _conversation.Complain($"{_name} heard {Encoding.UTF8.GetString(text)}");
                break;
        }
    }

    Saying? Take(string cid)
    {
        lock (_gate) return _open.Values.FirstOrDefault(said => said.Cid == cid);
    }

    static async Task<bool> ReadAsync(ClientWebSocket socket, MemoryStream frame, CancellationToken ct)
    {
        frame.SetLength(0);
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), ct);
            if (part.MessageType == WebSocketMessageType.Close) return false;
            frame.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return true;
        }
    }

    /// <summary>Lets so many through a second, at even distances.</summary>
    sealed class Pace(double perSecond)
    {
        long _next = Stopwatch.GetTimestamp();

        public bool TryTake()
        {
            var now = Stopwatch.GetTimestamp();
            if (now < _next) return false;
            // What was missed while nobody was there is not made up for.
            _next = Math.Max(_next, now - Stopwatch.Frequency / 10) + (long)(Stopwatch.Frequency / perSecond);
            return true;
        }
    }
}
