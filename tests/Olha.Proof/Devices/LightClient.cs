using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A device of thousands: speaks the v1 protocol, comes back with what it holds, fetches what it missed, says again what was not
/// acknowledged, and keeps of each room a digest instead of its messages.</summary>
/// <param name="community">Whose server.</param>
/// <param name="number">Which of its people, from 0.</param>
/// <param name="talk">What is said.</param>
internal sealed class LightClient(Community community, int number, Talk talk)
{
    const int LargeAnswer = 2 << 20;

    static readonly byte[] s_pong = JsonSerializer.SerializeToUtf8Bytes(new Pong(), ProtocolJson.Wire.ClientFrame);

    readonly Dictionary<long, LightRoom> _rooms = community.RoomsOf(number).ToDictionary(static it => it.Key, static it => new LightRoom(it.Value));
    readonly Dictionary<long, long> _heads = []; // of the last welcome: complete is who holds them all
    readonly SortedDictionary<int, Post> _pending = [];
    readonly Gate _reading = new(open: true);
    TaskCompletionSource _complete = New();
    LightSocket? _socket;
    volatile bool _leaving;
    bool _welcomed;
    long _server = community.ServerRev;
    int _tries;
    int _moves;
    long _leftAt;

    public int Number => number;

    /// <summary>Whether what it hears counts in <see cref="Talk.Heard"/> and <see cref="Talk.Acknowledged"/>.</summary>
    public bool Measures { get; init; } = true;

    /// <summary>Whether it counts what is said; one of those who are in the room.</summary>
    public bool Counts { get; init; }

    /// <summary>See <see cref="LightSocket.OpenAsync"/>.</summary>
    public int? ReceiveBuffer { get; init; }

    /// <summary>Shut: it does not come back until it is opened.</summary>
    public Gate Coming { get; init; } = new(open: true);

    public IReadOnlyDictionary<long, LightRoom> Rooms => _rooms;

    /// <summary>Its end of its connection; null: it has none.</summary>
    public IPEndPoint? End => Volatile.Read(ref _socket)?.End;

    /// <summary>Which of the nodes it talks to: the next one after each end of its connection.</summary>
    public int NodeNumber => (number + Volatile.Read(ref _moves)) % community.Nodes.Count;

    /// <summary>How often it was welcomed.</summary>
    public int Comings { get; private set; }

    /// <summary>Ranges that it fetched over HTTP.</summary>
    public int Fetches { get; private set; }

    /// <summary>The codes with which it was sent away, by how often.</summary>
    public Dictionary<int, int> SentAway { get; } = [];

    public bool HasPending
    {
        get { lock (_pending) return _pending.Count > 0; }
    }

    /// <summary>Completes when it is connected and holds everything up to the heads of its welcome. Begun anew by every end of its connection.</summary>
    public Task Complete => Volatile.Read(ref _complete).Task;

    public override string ToString() =>
        $"{number} ({(End is null ? "away" : "connected")}, welcomed {Comings} times, {string.Join(", ", _rooms.Select(room => $"room {room.Key} at {room.Value.Rev} of {_heads.GetValueOrDefault(room.Key)}"))})";

    /// <summary>Stops reading; the socket stays.</summary>
    public void Stall()
    {
        Leave();
        _reading.Shut();
    }

    public void ReadOn() => _reading.Open();

    public void Cut()
    {
        Leave();
        Volatile.Read(ref _socket)?.Cut();
    }

    /// <summary>Shows that it is there, without being asked.</summary>
    public void Pong() => Try(s_pong);

    /// <summary>Says something new, now or when it is back.</summary>
    public void Say(long roomId)
    {
        var (post, body) = talk.Next();
        var frame = new Post(roomId, Talk.Cid(post), body);
        lock (_pending)
        {
            _pending.Add(post, frame);
            if (_welcomed) Try(Encode(frame));
        }
    }

    /// <summary>Lives until it is cancelled.</summary>
    public async Task LiveAsync(CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await Coming.WaitAsync(ct);
                var wait = await VisitAsync(ct);
                Leave();
                if (wait > TimeSpan.Zero) await Task.Delay(wait, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        catch (Exception cause)
        {
            talk.Find($"Device {number} got something that is no protocol: {cause.Message}");
        }
        finally
        {
            _socket?.Dispose();
        }
    }

    // One connection's life; how long to stay away after it.
    async Task<TimeSpan> VisitAsync(CancellationToken ct)
    {
        TimeSpan? told = null;
        try
        {
            using var socket = await LightSocket.OpenAsync(community.Nodes[NodeNumber].Address, Community.SourceOf(number), community.TokenOf(number), ReceiveBuffer, ct);
            Volatile.Write(ref _socket, socket);
            socket.Send(Encode(new Hello(community.Epoch, community.PersonRevOf(number), _server, _rooms.ToDictionary(static it => it.Key, static it => it.Value.Rev))));
            while (await socket.ReceiveAsync(ct) is { } text)
            {
                if (await TakeAsync(text, ct) is { RetryMs: { } ms }) told = TimeSpan.FromMilliseconds(ms);
                await _reading.WaitAsync(ct);
            }
            lock (SentAway) SentAway[socket.CloseCode ?? 0] = SentAway.GetValueOrDefault(socket.CloseCode ?? 0) + 1;
            if (socket.CloseCode is >= 4500) talk.Find($"Device {number} was sent away for good with {socket.CloseCode}.");
        }
        catch (Exception cause) when (cause is IOException or SocketException or ObjectDisposedException or HttpRequestException)
        {
            // Broken, or not let in: it comes back.
        }
        finally
        {
            lock (_pending)
            {
                if (_welcomed) _leftAt = Stopwatch.GetTimestamp();
                _welcomed = false;
            }
            Volatile.Write(ref _socket, null);
            Interlocked.Increment(ref _moves);
        }
        // At once, however many come with it; who is not let in waits as docs/protocol.md says.
        return told ?? (_tries++ == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Random.Shared.Next(0, 500 << Math.Min(_tries, 6))));
    }

    async ValueTask<Bye?> TakeAsync(ReadOnlyMemory<byte> text, CancellationToken ct)
    {
        var type = LightFrame.TypeOf(text.Span);
        if (type.SequenceEqual("message"u8))
        {
            if (Counts) talk.Count(text.Length);
            await HearAsync(LightFrame.Read(text.Span), ct);
            return null;
        }
        if (type.SequenceEqual("member"u8) || type.SequenceEqual("room"u8))
        {
            await HearAsync(LightFrame.Read(text.Span), ct);
            return null;
        }
        if (!IsForIt(type)) return null;
        if (type.SequenceEqual("changes"u8))
        {
            Splice(LightRange.Read(text.Span));
            LookWhetherComplete();
            return null;
        }
        switch (JsonSerializer.Deserialize(text.Span, ProtocolJson.Wire.ServerFrame))
        {
            case Welcome welcome: Welcomed(welcome); break;
            case Behind behind: await FetchAsync(behind.RoomId, behind.Head, ct); break;
            case Ack ack: Acknowledged(ack); break;
            case Refused refused: Refused(refused, ct); break;
            case Ping ping:
                Pong();
                foreach (var (roomId, head) in ping.Heads.Rooms ?? new Dictionary<long, long>())
                    if (_rooms.TryGetValue(roomId, out var room) && room.Rev < head) await FetchAsync(roomId, head, ct);
                break;
            case Bye bye: return bye;
        }
        LookWhetherComplete();
        return null;
    }

    async ValueTask HearAsync(LightFrame change, CancellationToken ct)
    {
        if (!_rooms.TryGetValue(change.RoomId, out var room)) talk.Find($"Device {number} heard of room {change.RoomId}, which it is not in.");
        else
        {
            if (change.Rev > room.Rev + 1) await FetchAsync(change.RoomId, change.Rev - 1, ct);
            if (room.Take(change) && Measures && change.Post >= 0) talk.HearMessage(change.Post);
        }
        if (!Complete.IsCompleted) LookWhetherComplete();
    }

    // Presence, typing and people are nothing to it.
    static bool IsForIt(ReadOnlySpan<byte> type) => type.SequenceEqual("ack"u8) || type.SequenceEqual("welcome"u8) || type.SequenceEqual("changes"u8)
        || type.SequenceEqual("behind"u8) || type.SequenceEqual("ping"u8) || type.SequenceEqual("refused"u8) || type.SequenceEqual("bye"u8);

    void Welcomed(Welcome welcome)
    {
        Comings++;
        _tries = 0;
        _leaving = false;
        _server = welcome.ServerHead;
        if (welcome.Epoch != community.Epoch) talk.Find($"Device {number} was told of another epoch.");
        if (!welcome.Rooms.Select(static it => it.RoomId).ToHashSet().SetEquals(_rooms.Keys)) talk.Find($"Device {number} was told of other rooms than it is in.");
        _heads.Clear();
        foreach (var place in welcome.Rooms) _heads[place.RoomId] = place.Head;
        lock (_pending)
        {
            _welcomed = true;
            foreach (var post in _pending.Values) Try(Encode(post));
        }
    }

    void Splice(LightRange range)
    {
        var room = _rooms[range.RoomId];
        foreach (var change in range.Changes) room.Take(change);
        room.Complete(range.Complete);
    }

    async Task FetchAsync(long roomId, long upTo, CancellationToken ct)
    {
        while (_rooms[roomId].Rev < upTo)
        {
            Fetches++;
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(community.Nodes[NodeNumber].Address, $"/api/v1/rooms/{roomId}/changes?after={_rooms[roomId].Rev}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", community.TokenOf(number));
            using var answer = await community.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            var buffer = ArrayPool<byte>.Shared.Rent((int)(answer.Content.Headers.ContentLength ?? LargeAnswer));
            try
            {
                var length = 0;
                while (await body.ReadAsync(buffer.AsMemory(length), ct) is > 0 and var read)
                    if ((length += read) == buffer.Length) buffer = Larger(buffer);
                Splice(LightRange.Read(buffer.AsSpan(0, length)));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    static byte[] Larger(byte[] full)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    void Acknowledged(Ack ack)
    {
        var post = Talk.PostOf(System.Text.Encoding.ASCII.GetBytes(ack.Cid));
        lock (_pending)
            if (_pending.Remove(post) && Measures) talk.HearAck(post, NodeNumber);
    }

    void Refused(Refused refused, CancellationToken ct)
    {
        if (!refused.Retry) talk.Find($"Device {number}: {refused.Of} {refused.Cid} was refused as {refused.Code}.");
        else _ = AgainAsync();

        async Task AgainAsync()
        {
            await Task.Delay((int)(refused.RetryAfterMs ?? 500), ct).ContinueWith(static _ => { }, TaskScheduler.Default);
            lock (_pending)
                if (_welcomed && _pending.Values.FirstOrDefault(it => it.Cid == refused.Cid) is { } post) Try(Encode(post));
        }
    }

    // What still comes over this connection completes nothing.
    void Leave()
    {
        _leaving = true;
        if (Complete.IsCompleted) Volatile.Write(ref _complete, New());
    }

    void LookWhetherComplete()
    {
        if (_leaving || _heads.Count == 0 || !_heads.All(head => _rooms.TryGetValue(head.Key, out var room) && room.Rev >= head.Value)) return;
        if (Volatile.Read(ref _complete).TrySetResult() && _leftAt != 0) talk.Resumed.Since(_leftAt);
    }

    void Try(byte[] frame)
    {
        try
        {
            Volatile.Read(ref _socket)?.Send(frame);
        }
        catch (Exception cause) when (cause is SocketException or ObjectDisposedException)
        {
            // Whoever reads finds out.
        }
    }

    static byte[] Encode(ClientFrame frame) => JsonSerializer.SerializeToUtf8Bytes(frame, ProtocolJson.Wire.ClientFrame);

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
