using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A client of the original's door: signs in for a cookie, says text frames in General, and hears its own among the others'.</summary>
internal sealed class OriginalDevice(int number, DevicePlan plan, Stage stage) : Device(number, plan, stage)
{
    static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    /// <summary>In microseconds.</summary>
    const long Patience = 3_000_000;

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _waiting = []; // what was said → its op
    readonly SemaphoreSlim _writing = new(1);
    readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Seeded _own = Seeded.For(stage.Seed, 10_000 + number);
    Task _running = Task.CompletedTask;
    ClientWebSocket? _socket;
    int _connection;
    long _lastAsked;

    public override async Task StartAsync(CancellationToken ct)
    {
        var cookie = await SignInAsync(ct);
        _running = Task.Run(() => LiveAsync(cookie), CancellationToken.None);
        await _came.Task.WaitAsync(TimeSpan.FromSeconds(20), ct);
    }

    public override async Task DoAsync(Step step, CancellationToken ct)
    {
        if (step.Act is Act.Cut or Act.Forget) _ = CutAsync(step);
        else if (step.Act == Act.PostOnce) await SayAsync(step);
    }

    // Whoever is refused here is told so in a sentence: what is not heard for that long stays unknown.
    public override string? Waits()
    {
        lock (_gate) return _waiting.Count > 0 && History.Now - _lastAsked < Patience ? "to hear its own words" : null;
    }

    protected override Task EndAsync() => _running;

    async Task<string> SignInAsync(CancellationToken ct)
    {
        using var http = new HttpClient(Lines.NewHandler());
        using var body = new StringContent(
            JsonSerializer.Serialize(new OriginalCredentials(Me.Name, Actor.Password), ProtocolJson.Wire.OriginalCredentials),
            new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri(Api.Address, "/api/users/login"), body, ct);
        return answer.IsSuccessStatusCode && answer.Headers.TryGetValues("Set-Cookie", out var set)
            ? set.First().Split(';')[0]
            : throw new ProofException($"The original's door answered {(int)answer.StatusCode} to {Me.Name}.");
    }

    async Task SayAsync(Step step)
    {
        var text = step.Text!.Trim();
        await _writing.WaitAsync();
        try
        {
            ClientWebSocket? socket;
            lock (_gate)
            {
                socket = _socket;
                if (socket is null) return; // Without a connection this door says nothing.
                var op = History.NewOp();
                _waiting[text] = op;
                _lastAsked = History.Now;
                History.Add(new Asked(_lastAsked, Number, op, _connection, step, Stage.Rooms[0], Body: text));
            }
            await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Life);
        }
        catch (Exception cause) when (cause is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException) { }
        finally
        {
            _writing.Release();
        }
    }

    async Task LiveAsync(string cookie)
    {
        for (var failures = 0; !Life.IsCancellationRequested; failures++)
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Cookie", cookie);
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(Life);
                patience.CancelAfter(TimeSpan.FromSeconds(8));
                await socket.ConnectAsync(new UriBuilder(Api.Address) { Scheme = "ws", Path = $"/api/ws/{Me.Id}" }.Uri, Api.Invoker, patience.Token);
                await ServeAsync(socket);
                failures = 0;
            }
            catch (Exception cause) when (cause is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException) { }
            if (Life.IsCancellationRequested) return;
            Api.GoOn();
            await Task.Delay(_own.Below(failures == 0 ? 60 : 500)).WaitAsync(Life).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ServeAsync(ClientWebSocket socket)
    {
        lock (_gate)
        {
            (_socket, _connection) = (socket, History.NewConnection());
            History.Add(new Opened(History.Now, Number, _connection, null));
        }
        _came.TrySetResult();
        var buffer = new byte[64 * 1024];
        int? code = null;
        try
        {
            for (var length = 0; ;)
            {
                var got = await socket.ReceiveAsync(buffer.AsMemory(length), Life);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    code = (int?)socket.CloseStatus;
                    break;
                }
                length += got.Count;
                if (!got.EndOfMessage) continue;
                Take(buffer.AsSpan(0, length));
                length = 0;
            }
        }
        finally
        {
            lock (_gate)
            {
                History.Add(new Closed(History.Now, Number, _connection, code));
                foreach (var op in _waiting.Values) Ended(op, Outcome.Unknown);
                _waiting.Clear();
                _socket = null;
            }
        }
    }

    void Take(ReadOnlySpan<byte> text)
    {
        lock (_gate)
        {
            try
            {
                var frame = JsonSerializer.Deserialize<OriginalFrame>(text, s_options)!;
                History.Add(new Heard(History.Now, Number, _connection, frame));
                if (frame.Type == "Chat" && frame.UserId == Me.Id && _waiting.Remove(frame.Content, out var op)) Ended(op, Outcome.Done);
            }
            catch (JsonException cause)
            {
                Ended(0, Outcome.Broken, $"A frame at the original's door cannot be read: {cause.Message}");
            }
        }
    }
}
