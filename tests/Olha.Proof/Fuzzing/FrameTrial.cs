using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Has one conversation with the server, and judges every answer.</summary>
internal sealed class FrameTrial(Uri server, Person me, string token, AckedPosts acks)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    static readonly Dictionary<string, int> s_originalFields = new() { ["Chat"] = 6, ["Notification"] = 4 };

    readonly HashSet<string> _awaited = [];
    RawWebSocket _socket = null!;
    Welcome? _welcome;
    int? _bye;
    int? _closed;
    bool _ended;
    bool _original;

    /// <summary>What the server did that it must not; null: nothing.</summary>
    public async Task<string?> RunAsync(Babble it, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        var stage = "opening";
        try
        {
            var path = it.Original ? $"/api/ws/{me.Id}" : "/api/v1/socket";
            var request = RawWebSocket.Request(
                server, path, ("Authorization", $"Bearer {token}"), ("Sec-WebSocket-Protocol", it.Original ? null : "olha.v1"));
            await using (_socket = await RawWebSocket.OpenAsync(server, request, patience.Token))
            {
                if (_socket.Answer.Status != 101) return $"the upgrade was answered with {_socket.Answer.Status}";
                _original = it.Original;
                stage = "being welcomed";
                if (it.Hello is not null && !await GreetAsync(it.Hello, patience.Token)) return WhyNotEndedBy(it.Hello, besides: 4500);

                stage = "waiting for what was posted to be acknowledged";
                var sentinel = it.Original ? Spoken(Guid.NewGuid().ToString("N")) : Posted(Guid.NewGuid().ToString("N"));
                foreach (var cid in it.Body.Append(sentinel).Select(static said => said.Cid).OfType<string>()) _awaited.Add(cid);
                var reading = HearUntilAsync(() => _awaited.Count == 0, patience.Token);
                await WriteAsync([.. Marks(), .. it.Body.SelectMany(static said => said.Wire), .. sentinel.Wire], it.Cuts, patience.Token);
                await reading;
                if (_ended) return $"it was closed with {_closed} by frames that do not end a connection";

                stage = "waiting for the end";
                await WriteAsync(it.Last.Wire, it.Cuts, patience.Token);
                await HearUntilAsync(() => _closed is not null, patience.Token);
                return WhyNotEndedBy(it.Last, besides: null);
            }
        }
        catch (Exception unsound) when (unsound is InvalidDataException or ProofException)
        {
            return $"it answered with {unsound.Message}";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"nothing came for {s_patience.TotalSeconds} s, {stage}";
        }
    }

    async Task<bool> GreetAsync(Utterance hello, CancellationToken ct)
    {
        await _socket.Connection.SendAsync(hello.Wire, ct);
        await HearUntilAsync(() => _welcome is not null || _closed is not null, ct);
        return _welcome is not null && !_ended;
    }

    string? WhyNotEndedBy(Utterance last, int? besides) =>
        _closed is not { } code ? "it cut the connection without a close"
        : _bye is { } said && said != code ? $"it said bye with {said} and closed with {code}"
        : last.Ends.Contains(code) || (last.Ends.Count == 0 && code == besides) ? null
        : $"it closed with {code} instead of {string.Join(" or ", last.Ends)}";

    // What is read costs the server less to count at the next welcome.
    IEnumerable<byte> Marks() => (_welcome?.Rooms ?? []).Where(static place => place.LastSeq - place.Mark > 200).SelectMany(static place =>
        WireNoise.Whole(JsonSerializer.SerializeToUtf8Bytes(new MoveMark(place.RoomId, place.LastSeq, place.Mark), ProtocolJson.Wire.ClientFrame)));

    Utterance Posted(string cid)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new Post(_welcome!.Rooms[^1].RoomId, cid, "still here"), ProtocolJson.Wire.ClientFrame);
        return new Utterance(text, WireNoise.Whole(text), [], cid);
    }

    // At the original's door one hears oneself.
    static Utterance Spoken(string text) => new([], WireNoise.Whole(Encoding.UTF8.GetBytes(text)), [], text);

    async Task WriteAsync(byte[] wire, IReadOnlyList<int> cuts, CancellationToken ct)
    {
        var at = 0;
        foreach (var cut in cuts)
        {
            var length = Math.Min(cut, wire.Length - at);
            if (length > 0) await _socket.Connection.SendAsync(wire.AsMemory(at, length), ct);
            at += length;
        }
        if (at < wire.Length) await _socket.Connection.SendAsync(wire.AsMemory(at), ct);
    }

    async Task HearUntilAsync(Func<bool> enough, CancellationToken ct)
    {
        while (!enough())
        {
            if (await _socket.ReadAsync(ct) is not { } frame)
            {
                _ended = true;
                return;
            }
            if (frame.Opcode == RawFrame.Close)
            {
                _closed = frame.Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(frame.Payload.Span);
                _ended = true;
                if (!Documented.CloseCodes.Contains(_closed.Value)) throw new InvalidDataException($"the close code {_closed}, which stands in no document");
                return;
            }
            if (frame.Opcode != RawFrame.Text) continue;
            if (_original) HearOriginal(frame.Payload);
            else Hear(frame.Payload.Span);
        }
    }

    void Hear(ReadOnlySpan<byte> payload)
    {
        var (frame, wrong) = Documented.Frame(payload);
        if (wrong is not null) throw new InvalidDataException($"{wrong}: {Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, 300)])}");
        if (_welcome is null && frame is not (Welcome or Bye)) throw new InvalidDataException($"a {frame!.GetType().Name} before the welcome");
        if (frame is Welcome welcome) _welcome = welcome;
        if (frame is Bye bye) _bye = bye.Code;
        if (frame is not Ack ack) return;
        if (!acks.Add(me.Id, ack)) throw new InvalidDataException($"another acknowledgement for {ack.Cid} than before");
        _awaited.Remove(ack.Cid);
    }

    void HearOriginal(ReadOnlyMemory<byte> payload)
    {
        using var json = JsonDocument.Parse(payload);
        var root = json.RootElement;
        if (!s_originalFields.TryGetValue(root.GetProperty("type").GetString()!, out var fields) || root.EnumerateObject().Count() != fields)
            throw new InvalidDataException($"what the original never said: {root}");
        _awaited.Remove(root.GetProperty("content").GetString()!);
    }
}
