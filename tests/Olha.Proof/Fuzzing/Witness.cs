using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Somebody well-behaved beside the noise: what they say is acknowledged and heard, and nothing of General is missed, doubled or
/// out of order.</summary>
internal sealed class Witness : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    readonly RawWebSocket _socket;
    readonly Task _hearing;
    readonly CancellationTokenSource _end = new();
    readonly string _name = Guid.NewGuid().ToString("N");
    TaskCompletionSource _heard = new();
    string _awaited = "";
    bool _acknowledged;
    bool _was;
    long? _rev;
    int _said;

    Witness(RawWebSocket socket)
    {
        _socket = socket;
        _hearing = HearAsync();
    }

    public static async Task<Witness> OpenAsync(Uri server, string token, CancellationToken ct)
    {
        var request = RawWebSocket.Request(server, "/api/v1/socket", ("Authorization", $"Bearer {token}"), ("Sec-WebSocket-Protocol", "olha.v1"));
        var witness = new Witness(await RawWebSocket.OpenAsync(server, request, ct));
        await witness._socket.SayAsync("""{"type":"hello"}""", ct);
        return witness;
    }

    /// <summary>Says something, and waits until it was acknowledged and heard.</summary>
    /// <returns>What was wrong since the last time; null: nothing.</returns>
    public async Task<string?> SayAsync(CancellationToken ct)
    {
        (_heard, _awaited, _acknowledged, _was) = (new TaskCompletionSource(), $"{_name}-{++_said}", false, false);
        await _socket.SayAsync(Encoding.UTF8.GetString(
            JsonSerializer.SerializeToUtf8Bytes(new Post(1, _awaited, "all is well"), ProtocolJson.Wire.ClientFrame)), ct);
        var first = await Task.WhenAny(_hearing, _heard.Task, Task.Delay(s_patience, ct));
        if (first == _heard.Task) return null;
        return _hearing.Exception?.InnerException!.Message ?? (first == _hearing ? "the witness was closed" : $"the witness heard nothing for {s_patience.TotalSeconds} s");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _hearing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _socket.DisposeAsync();
        _end.Dispose();
    }

    async Task HearAsync()
    {
        while (await _socket.ReadAsync(_end.Token) is { } frame && frame.Opcode != RawFrame.Close)
        {
            if (frame.Opcode != RawFrame.Text) continue;
            var (said, wrong) = Documented.Frame(frame.Payload.Span);
            if (wrong is not null) throw new InvalidDataException($"the witness heard {wrong}: {Encoding.UTF8.GetString(frame.Payload.Span)}");
            switch (said)
            {
                case Welcome welcome: _rev = welcome.Rooms.Single(static place => place.RoomId == 1).Head; break;
                case Ping: await _socket.SayAsync("""{"type":"pong"}""", _end.Token); break;
                case Ack ack: Meet(acknowledged: ack.Cid == _awaited); break;
                case RoomChange { RoomId: 1 } change: Follow(change.Rev); break;
                case MemberChange { RoomId: 1 } change: Follow(change.Rev); break;
                case MessageChange { RoomId: 1 } change:
                    Follow(change.Rev);
                    Meet(heard: change.Message.Cid == _awaited);
                    break;
            }
        }
    }

    // The acknowledgement travels with the change, before it or after it.
    void Meet(bool acknowledged = false, bool heard = false)
    {
        (_acknowledged, _was) = (_acknowledged | acknowledged, _was | heard);
        if (_acknowledged && _was) _heard.TrySetResult();
    }

    void Follow(long rev)
    {
        if (rev != _rev + 1) throw new InvalidDataException($"the witness heard revision {rev} of General after {_rev}");
        _rev = rev;
    }
}
