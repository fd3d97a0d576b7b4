using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What a socket device says: each post until it is answered, over however many connections. Everything but the writing is
/// done under the device's lock.</summary>
internal sealed class Outbox(Device device, Stage stage, Lock gate)
{
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    readonly List<Wanted> _waiting = []; // in the order in which they were meant
    readonly HashSet<int> _sent = []; // ops, on this connection
    readonly Dictionary<long, (int Op, long Mark)> _reads = [];
    Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>();
    bool _ready;

    /// <summary>The present one; 0: none.</summary>
    public int Connection { get; private set; }

    public string? Waits() => _waiting.Count == 0 ? null : $"for the answer to {_waiting[0].Said.Cid} and {_waiting.Count - 1} more";

    /// <summary>Says something, now or when there is a connection.</summary>
    public void Post(Wanted wanted)
    {
        // Two answers to one cid could not be told apart.
        if (_waiting.Any(it => it.Said.Cid == wanted.Said.Cid)) return;
        _waiting.Add(wanted);
        if (_ready) Send(wanted);
    }

    /// <summary>Moves a read mark, if there is a connection and no other move of it on its way.</summary>
    public void Read(Step step, Message to, long replaces)
    {
        if (!_ready || to.Seq == replaces || _reads.ContainsKey(to.RoomId)) return;
        var op = stage.History.NewOp();
        stage.History.Add(new Asked(stage.History.Now, device.Number, op, Connection, step, to.RoomId, Seq: to.Seq, Replaces: replaces));
        _reads[to.RoomId] = (op, to.Seq);
        Write(new MoveMark(to.RoomId, to.Seq, replaces));
    }

    /// <param name="connection">The new one.</param>
    /// <param name="hello">Goes first.</param>
    /// <param name="early">What waits goes right behind it, before the welcome.</param>
    public void Opened(int connection, Hello hello, bool early)
    {
        (Connection, _frames) = (connection, Channel.CreateUnbounded<byte[]>());
        Write(hello);
        if (early) SendAll();
    }

    /// <summary>Of what was on its way and is not asked again nobody will ever know what became of it.</summary>
    public void Closed()
    {
        _frames.Writer.TryComplete();
        (Connection, _ready) = (0, false);
        foreach (var wanted in _waiting.Where(it => !it.Again && _sent.Contains(it.Op)).ToArray()) End(wanted, Outcome.Unknown);
        foreach (var (op, _) in _reads.Values) Answer(op, Outcome.Unknown);
        _reads.Clear();
        _sent.Clear();
    }

    public void Hear(object frame)
    {
        switch (frame)
        {
            case Welcome when !_ready: SendAll(); break;
            case Ping: Write(new Pong()); break;
            case Ack ack when Find(ack.Cid) is { } wanted: End(wanted, Outcome.Done, ack: ack); break;
            case Ack ack: Answer(0, Outcome.Broken, $"ack of {ack.Cid}, which nobody asked for"); break;
            case Refused { Of: "post" } refused when Find(refused.Cid) is { } wanted:
                if (refused.Retry && wanted.Again)
                {
                    Answer(wanted.Op, Outcome.Refused, refused.Code); // not its last word
                    _ = AgainAsync(wanted, Connection, refused.RetryAfterMs);
                }
                else End(wanted, Outcome.Refused, refused.Code);
                break;
            case Refused { Of: "read", RoomId: { } roomId } refused when _reads.Remove(roomId, out var read):
                Answer(read.Op, Outcome.Refused, refused.Code);
                break;
            // Another device moved the mark to the same place first: that change was taken for the answer.
            case Refused { Of: "read", Code: "stale_mark" }: break;
            case Refused refused: Answer(0, Outcome.Broken, $"{refused.Of} {refused.Cid} was refused as {refused.Code}, which nobody asked for"); break;
            case PlaceChange { Place: var place } when _reads.TryGetValue(place.RoomId, out var read) && place.Mark == read.Mark:
                _reads.Remove(place.RoomId);
                Answer(read.Op, Outcome.Done);
                break;
        }
    }

    /// <summary>Writes what there is to say until the connection is closed.</summary>
    public async Task WriteAsync(ClientWebSocket socket, CancellationToken ct)
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(ct))
                await socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, ct);
        }
        catch (Exception cause) when (cause is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException) { }
    }

    Wanted? Find(string? cid) => _waiting.Find(it => it.Said.Cid == cid);

    void SendAll()
    {
        _ready = true;
        foreach (var wanted in _waiting) Send(wanted);
    }

    void Send(Wanted wanted)
    {
        stage.History.Add(wanted.Asked(stage.History.Now, device.Number, Connection));
        _sent.Add(wanted.Op);
        Write(wanted.Frame);
    }

    async Task AgainAsync(Wanted wanted, int connection, long? afterMs)
    {
        await Task.Delay(afterMs is { } ms ? TimeSpan.FromMilliseconds(ms) : s_pause);
        lock (gate)
            if (Connection == connection && _waiting.Contains(wanted)) Send(wanted);
    }

    void End(Wanted wanted, Outcome outcome, string? code = null, Ack? ack = null)
    {
        _waiting.Remove(wanted);
        Answer(wanted.Op, outcome, code, ack);
        if (ack is not null && wanted.Step.Act is Act.Post or Act.PostOnce) stage.Acknowledged[device.Plan.Person].Add(wanted.Said);
    }

    void Answer(int op, Outcome outcome, string? code = null, Ack? ack = null) =>
        stage.History.Add(new Answered(stage.History.Now, device.Number, op, outcome, code, ack));

    void Write(ClientFrame frame) => _frames.Writer.TryWrite(JsonSerializer.SerializeToUtf8Bytes(frame, ProtocolJson.Wire.ClientFrame));
}
