using System.Text.Json;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Server.Live;
using Olha.Server.Messages;
using Olha.Server.Presence;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Gateway;

/// <summary>What the v1 door needs to serve its sockets.</summary>
internal sealed record ClientVerbs(
    Welcoming Welcoming, PostMessage Post, MoveReadMark MoveMark, TypingBoard Typing, PresenceBoard Presence, Hub Hub, RefusalCounts Refusals,
    TimeProvider Clock, ILogger<ClientSocket> Log);

/// <summary>One client that speaks the v1 protocol: waits for <c>hello</c>, then takes frames in the order in which they come.</summary>
internal sealed partial class ClientSocket : FrameHandler
{
    static readonly TimeSpan s_helloWithin = TimeSpan.FromSeconds(10);

    /// <summary>Refusals for speed in a row that a client may earn before it is sent away for a while.</summary>
    const int MaxTooFast = 100;
    static readonly TimeSpan s_sentAway = TimeSpan.FromSeconds(30);

    readonly Connection _connection;
    readonly Caller _caller;
    readonly ClientVerbs _verbs;
    readonly ILogger _log;
    readonly Lanes _lanes = new();
    readonly UnderWay _underWay = new();
    CancellationTokenSource? _greeting; // until the client is welcomed
    ITimer? _helloTimer; // until it says hello
    bool _greeted;
    bool _gone;
    bool _active = true;
    int _tooFast;

    public ClientSocket(Connection connection, Caller caller, ClientVerbs verbs)
    {
        (_connection, _caller, _verbs, _log) = (connection, caller, verbs, verbs.Log);
        _helloTimer = verbs.Clock.CreateTimer(
            static it => ((Connection)it!).Close(CloseCode.Silent, TimeSpan.FromSeconds(1)), connection, s_helloWithin,
            Timeout.InfiniteTimeSpan);
    }

    public override ValueTask TakeAsync(ReadOnlyMemory<byte> text)
    {
        ClientFrame? frame;
        try
        {
            frame = HotJson.TryReadPost(text.Span) ?? JsonSerializer.Deserialize(text.Span, ProtocolJson.Wire.ClientFrame);
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException or InvalidOperationException)
        {
            if (!_greeted || !IsJson(text.Span)) _connection.Close(CloseCode.Protocol, retry: null);
            else Refuse(TypeOf(text), null, null, Refusal.InvalidField);
            return ValueTask.CompletedTask;
        }
        if (!_greeted) return GreetAsync(frame);
        if (_caller.Scopes is not null && FrameScopes.WhyNot(_caller, frame) is { } beyond)
        {
            Refuse(TypeOf(text), (frame as Post)?.Cid, RoomOf(frame), beyond);
            return ValueTask.CompletedTask;
        }

        switch (frame)
        {
            case Post post: return PostAsync(post);
            case MoveMark mark: return MoveMarkAsync(mark);
            case Typing typing: Type(typing); break;
            case Attention attention: return AttendAsync(attention);
            case Pong: _connection.Hear(); break;
            case Hello: Refuse("hello", null, null, Refusal.InvalidField); break;
            case null: Refuse("", null, null, Refusal.InvalidField); break;
            default: Refuse(TypeOf(text), null, null, Refusal.UnknownType); break;
        }
        return ValueTask.CompletedTask;
    }

    public override bool IsActive => Volatile.Read(ref _active);

    // What was sent is said: what is under way goes on.
    public override void Dispose()
    {
        Volatile.Write(ref _gone, true);
        Volatile.Read(ref _helloTimer)?.Dispose();
        Volatile.Read(ref _greeting)?.Cancel();
    }

    async ValueTask GreetAsync(ClientFrame? frame)
    {
        if (frame is not Hello hello || hello.Rooms?.Count > Welcoming.MaxHeldRooms)
        {
            _connection.Close(CloseCode.Protocol, retry: null);
            return;
        }
        _greeted = true;
        _helloTimer!.Dispose();
        _helloTimer = null;
        var greeting = new CancellationTokenSource();
        Volatile.Write(ref _greeting, greeting);
        if (Volatile.Read(ref _gone)) return;
        using var trace = Traces.Begin("hello");
        try
        {
            await _verbs.Welcoming.WelcomeAsync(_connection, _caller, hello, greeting.Token);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            GreetingFailed(cause);
            _connection.Close(CloseCode.Overloaded, TimeSpan.FromSeconds(2));
        }
        finally
        {
            Volatile.Write(ref _greeting, null);
        }
    }

    ValueTask PostAsync(Post post)
    {
        var room = _underWay.Enter();
        // Runs up to where the unit of work is handed in before the next frame is read: order is kept.
        _ = StoreAsync(post);
        return room;
    }

    async Task StoreAsync(Post post)
    {
        using var trace = Traces.Begin("post");
        var lane = _lanes.Enter(post.RoomId);
        try
        {
            // Not cancelled when the socket goes: what was sent is said.
            var outcome = await _verbs.Post.RunAsync(
                _caller, post.RoomId, new DraftBody(post.Cid, post.Body, post.ReplyToSeq), lane, _connection, CancellationToken.None);
            if (outcome.TryGet(out var ack, out var refusal))
            {
                _tooFast = 0;
                if (ack.Duplicate) _connection.Enqueue(FrameEncoder.Encode(ack)); // any other went with its change
            }
            else
            {
                trace.Refused(refusal);
                Refuse("post", post.Cid, post.RoomId, refusal);
            }
        }
        catch (Exception cause)
        {
            Failed(cause, post.RoomId);
            trace.Refused(Unavailable);
            Refuse("post", post.Cid, post.RoomId, Unavailable);
        }
        finally
        {
            _lanes.Leave(post.RoomId);
            _underWay.Leave();
        }
    }

    async ValueTask MoveMarkAsync(MoveMark mark)
    {
        try
        {
            var outcome = await _verbs.MoveMark.RunAsync(_caller, mark.RoomId, mark.Mark, mark.Replaces, CancellationToken.None);
            if (outcome.Refusal is { } refusal) Refuse("read", null, mark.RoomId, refusal);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            Failed(cause, mark.RoomId);
            Refuse("read", null, mark.RoomId, Unavailable);
        }
    }

    // Who listens to a room is a member: no query is needed for something that is forgotten in six seconds.
    void Type(Typing typing)
    {
        if (_verbs.Hub.Listens(Topics.Room(typing.RoomId), _connection)) _verbs.Typing.Typing(typing.RoomId, _caller.UserId);
        else Refuse("typing", null, typing.RoomId, Refusal.NotFound);
    }

    ValueTask AttendAsync(Attention attention)
    {
        if (attention.Active is not { } active)
        {
            Refuse("active", null, null, Refusal.InvalidField);
            return ValueTask.CompletedTask;
        }
        if (active == _active) return ValueTask.CompletedTask;
        Volatile.Write(ref _active, active);
        return _verbs.Presence.TurnedAsync(_caller.UserId, active);
    }

    // A full disk or a foreign lock refuses thousands: a line each, not where in the program it was noticed.
    void Failed(Exception cause, long roomId)
    {
        if (cause is DatabaseUnavailableException) NotNow(roomId, cause.Message);
        else PostFailed(cause, roomId);
    }

    static Refusal Unavailable => Refusal.Unavailable with { RetryAfter = TimeSpan.FromSeconds(1) };

    void Refuse(string of, string? cid, long? roomId, Refusal refusal)
    {
        _verbs.Refusals.Add(Door.Socket, refusal);
        _connection.Enqueue(FrameEncoder.Encode(new Refused(
            of, cid, roomId, refusal.Code, refusal.Detail, refusal.Params, refusal.Retry,
            refusal.RetryAfter is { } wait ? (long)Math.Ceiling(wait.TotalMilliseconds) : null)));
        if (refusal.Code == Refusal.TooFast.Code && ++_tooFast > MaxTooFast) _connection.Close(CloseCode.Rate, s_sentAway);
    }

    static long? RoomOf(ClientFrame? frame) => frame switch
    {
        Post post => post.RoomId,
        MoveMark mark => mark.RoomId,
        Typing typing => typing.RoomId,
        _ => null,
    };

    static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The type that an unsound frame gives itself, as far as it can be told.</summary>
    static string TypeOf(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("type", out var type)
                && type.ValueKind == JsonValueKind.String && type.GetString() is { Length: <= 32 } word ? word : "";
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A socket could not be welcomed")]
    partial void GreetingFailed(Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A frame for room {RoomId} could not be carried out")]
    partial void PostFailed(Exception cause, long roomId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A frame for room {RoomId} could not be carried out: {Reason}")]
    partial void NotNow(long roomId, string reason);
}
