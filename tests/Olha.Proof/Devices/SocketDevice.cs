using System.Net.WebSockets;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A whole v1 client, written from docs/protocol.md: it resumes with what it holds, keeps an outbox, and counts what is unread.</summary>
internal sealed class SocketDevice : Device, IKnowledge
{
    const int TextsKnown = 40;
    const int ActsAtOnce = 8;

    readonly Seeded _own;
    readonly HeldState _state;
    readonly Outbox _outbox;
    readonly HttpActs _acts;
    readonly SemaphoreSlim _turns = new(ActsAtOnce);
    readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _running = Task.CompletedTask;
    volatile bool _forgets;

    public SocketDevice(int number, DevicePlan plan, Stage stage) : base(number, plan, stage)
    {
        _own = Seeded.For(stage.Seed, 10_000 + number);
        _state = new HeldState(Me.Id, number, stage, Api, Seeded.For(stage.Seed, 20_000 + number), Life);
        _outbox = new Outbox(this, stage, _state.Gate);
        _acts = new HttpActs(this, Api, stage, this);
    }

    public override async Task StartAsync(CancellationToken ct)
    {
        _running = Task.Run(LiveAsync, CancellationToken.None);
        await _welcomed.Task.WaitAsync(TimeSpan.FromSeconds(20), ct);
    }

    public override async Task DoAsync(Step step, CancellationToken ct)
    {
        switch (step.Act)
        {
            case Act.Post or Act.PostOnce or Act.Repeat or Act.Contradict:
                lock (_state.Gate)
                    if (Wanted.Of(step, this, Stage, Chosen, Parent) is { } wanted) _outbox.Post(wanted);
                break;
            case Act.Cut or Act.Forget:
                _forgets |= step.Act == Act.Forget;
                _ = CutAsync(step);
                break;
            case Act.Read when Chosen.Chance(500):
                lock (_state.Gate) Read(step);
                break;
            default:
                await _turns.WaitAsync(ct);
                _ = ActAsync(step, ct);
                break;
        }
    }

    public override string? Waits()
    {
        lock (_state.Gate) return _outbox.Waits() ?? (_turns.CurrentCount < ActsAtOnce ? "for an answer over HTTP" : null);
    }

    /// <summary>What is missing to a state that the server has just told; null: nothing.</summary>
    public string? Lacks(Welcome now)
    {
        lock (_state.Gate) return _outbox.Connection == 0 ? "it is not connected" : _state.Lacks(now);
    }

    public Holding ToHolding()
    {
        lock (_state.Gate) return _state.ToHolding();
    }

    public IReadOnlyList<Message> Texts(long roomId)
    {
        lock (_state.Gate)
            return [.. _state.Find(roomId)?.NewestFirst.Where(static it => it is { Kind: MessageKind.Text, DeletedAt: null }).Take(TextsKnown) ?? []];
    }

    public long? Mark(long roomId)
    {
        lock (_state.Gate) return _state.Find(roomId)?.Mark;
    }

    // It knows what the socket tells it; nothing is taken from answers.
    public void Learn(long roomId, Message message) { }
    public void Learn(long roomId, MessagePage page) { }
    public void Learn(Place place) { }

    protected override Task EndAsync() => _running;

    long? Parent(long roomId, int back) => Texts(roomId) is var texts && back < texts.Count ? texts[back].Seq : null;

    void Read(Step step)
    {
        var texts = Texts(Stage.Rooms[step.Room]);
        if (step.Target < texts.Count && Mark(texts[step.Target].RoomId) is { } mark) _outbox.Read(step, texts[step.Target], mark);
    }

    async Task ActAsync(Step step, CancellationToken ct)
    {
        try
        {
            await _acts.DoAsync(step, ct);
        }
        catch (OperationCanceledException) { } // The run is over.
        finally
        {
            _turns.Release();
        }
    }

    async Task LiveAsync()
    {
        for (var failures = 0; !Life.IsCancellationRequested; failures++)
        {
            using var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("olha.v1");
            socket.Options.SetRequestHeader("Authorization", $"Bearer {Me.Token}");
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(Life);
                patience.CancelAfter(TimeSpan.FromSeconds(8));
                await socket.ConnectAsync(new UriBuilder(Api.Address) { Scheme = "ws", Path = "/api/v1/socket" }.Uri, Api.Invoker, patience.Token);
                await ServeAsync(socket);
                failures = 0;
            }
            catch (Exception cause) when (cause is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException) { }
            if (Life.IsCancellationRequested) return;
            Api.GoOn();
            await Task.Delay(_own.Below(failures == 0 ? 60 : Math.Min(500, 50 << Math.Min(failures, 4)))).WaitAsync(Life).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ServeAsync(ClientWebSocket socket)
    {
        var connection = History.NewConnection();
        // Some do not wait for the welcome with what is in the outbox.
        var early = _own.Chance(300);
        Hello hello;
        lock (_state.Gate)
        {
            if (_forgets) _state.Forget();
            _forgets = false;
            hello = _state.ToHello();
            History.Add(new Opened(History.Now, Number, connection, hello));
            _outbox.Opened(connection, hello, early);
        }
        var writing = _outbox.WriteAsync(socket, Life);
        int? code = null;
        try
        {
            code = await ReadAsync(socket, connection, hello);
        }
        catch (Exception cause) when (cause is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException) { }
        lock (_state.Gate)
        {
            History.Add(new Closed(History.Now, Number, connection, code));
            _outbox.Closed();
        }
        socket.Abort();
        await writing;
        if (code is >= 4500 or (>= 1002 and <= 1009 and not 1006)) Wrong($"The server closed with {code} {socket.CloseStatusDescription}");
    }

    async Task<int?> ReadAsync(ClientWebSocket socket, int connection, Hello hello)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(length), Life);
            if (got.MessageType == WebSocketMessageType.Close) return (int?)socket.CloseStatus;
            length += got.Count;
            if (!got.EndOfMessage)
            {
                if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                continue;
            }
            Take(buffer.AsSpan(0, length), connection, hello);
            length = 0;
        }
    }

    void Take(ReadOnlySpan<byte> text, int connection, Hello hello)
    {
        object frame;
        try
        {
            frame = FrameJson.Read(text);
        }
        catch (JsonException cause)
        {
            Wrong($"A frame cannot be read: {cause.Message}");
            return;
        }
        lock (_state.Gate)
        {
            History.Add(new Heard(History.Now, Number, connection, frame));
            _state.Take(frame, hello);
            _outbox.Hear(frame);
        }
        if (frame is Welcome) _welcomed.TrySetResult();
    }

    void Wrong(string what) => Ended(0, Outcome.Broken, what);
}
