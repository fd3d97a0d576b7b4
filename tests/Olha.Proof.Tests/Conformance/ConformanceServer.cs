using System.Text;
using System.Text.Json;
using Olha.Testing;

namespace Olha.Proof.Tests.Conformance;

/// <summary>The program as it is shipped, one person who speaks, one who listens, and a room of theirs.</summary>
public sealed class ConformanceServer : IAsyncLifetime
{
    const string Password = "right horse battery";

    readonly string _folder = Directory.CreateTempSubdirectory("olha-conformance-").FullName;
    readonly Dictionary<string, int> _heard = [];
    readonly Lock _gate = new();
    HttpClient _http = new();
    Node _node = null!;
    RawWebSocket? _ear;
    Task _listening = Task.CompletedTask;
    TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Uri Address => _node.Address;

    /// <summary>Who speaks: their id and what signs them in.</summary>
    internal (long Id, string Token) Speaker { get; private set; }

    /// <summary>Where the v1 door speaks: a room of the two, so that the other door does not hear it.</summary>
    internal long RoomId { get; private set; }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var plain = NodeOptions.Plain(Programs.UnderTest, _folder, Ports.Free());
        // A message may be as long as a frame, so that an echo shows every byte of it.
        _node = new Node(plain with { Variables = new Dictionary<string, string>(plain.Variables) { ["LIMIT_MESSAGE_LENGTH"] = "0" } });
        await _node.StartAsync(Ct);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = Address };
        Speaker = await SignUpAsync("speaker");
        var listener = await SignUpAsync("listener");
        var room = await AskAsync(HttpMethod.Post, "/api/v1/rooms/direct", $$"""{"userIds":[{{listener.Id}}]}""");
        RoomId = room.GetProperty("roomId").GetInt64();

        _ear = await RawWebSocket.OpenAsync(
            Address, RawWebSocket.Request(Address, "/api/v1/socket", ("Authorization", $"Bearer {listener.Token}"), ("Sec-WebSocket-Protocol", "olha.v1")), Ct);
        await _ear.SayAsync("""{"type":"hello"}""", Ct);
        // Who holds nothing hears only what is said after the welcome.
        var welcome = await _ear.ReadAsync(Ct) ?? throw new ProofException("The listener was cut.");
        Assert.Equal("welcome", JsonElement.Parse(welcome.Payload.Span).GetProperty("type").GetString());
        _listening = ListenAsync(_ear);
    }

    /// <summary>How often the listener has heard what was said by now, in any room: a last message tells that nothing is on its way.</summary>
    internal async Task<int> HeardAsync(string body) => (await HeardAsync(body, "")).First;

    /// <summary>The same of two at once.</summary>
    internal async Task<(int First, int Second)> HeardAsync(string first, string second)
    {
        foreach (var room in (long[])[RoomId, 1])
        {
            var last = $"last {Guid.NewGuid():N}";
            await AskAsync(HttpMethod.Post, $"/api/v1/rooms/{room}/messages", $$"""{"cid":"{{last[5..]}}","body":"{{last}}"}""");
            while (true)
            {
                Task news;
                lock (_gate)
                {
                    if (_heard.ContainsKey(last)) break;
                    news = _news.Task;
                }
                await Task.WhenAny(news, _listening).WaitAsync(TimeSpan.FromSeconds(30), Ct);
                Assert.False(_listening.IsCompleted, "The listener was cut.");
            }
        }
        lock (_gate) return (_heard.GetValueOrDefault(first), _heard.GetValueOrDefault(second));
    }

    /// <summary>A request of the speaker's that is answered with JSON.</summary>
    internal async Task<JsonElement> AskAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Speaker.Token is not null) request.Headers.Authorization = new("Bearer", Speaker.Token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path} answered {(int)answer.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        // What any of the cases broke inside stands in its log.
        var complained = _node.Complained;
        if (_ear is not null) await _ear.DisposeAsync();
        await _node.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        Assert.DoesNotContain("Exception", complained, StringComparison.Ordinal);
    }

    async Task<(long Id, string Token)> SignUpAsync(string name)
    {
        var answer = await AskAsync(HttpMethod.Post, "/api/v1/users", $$"""{"username":"{{name}}","password":"{{Password}}","bearer":true}""");
        return (answer.GetProperty("me").GetProperty("id").GetInt64(), answer.GetProperty("token").GetString()!);
    }

    async Task ListenAsync(RawWebSocket ear)
    {
        while (await ear.ReadAsync(CancellationToken.None) is { } frame)
        {
            if (frame.Opcode == RawFrame.Ping) await ear.SendAsync(CancellationToken.None, new RawFrame(RawFrame.Pong, frame.Payload));
            if (frame.Opcode != RawFrame.Text) continue;
            var said = JsonElement.Parse(frame.Payload.Span);
            if (said.GetProperty("type").GetString() == "ping") await ear.SayAsync("""{"type":"pong"}""", CancellationToken.None);
            if (said.GetProperty("type").GetString() != "message" || !said.GetProperty("message").TryGetProperty("body", out var body)) continue;
            lock (_gate)
            {
                _heard[body.GetString()!] = _heard.GetValueOrDefault(body.GetString()!) + 1;
                _news.TrySetResult();
                _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
