using Olha.Protocol;

namespace Olha.Proof.Tests;

/// <summary>Makes small runs in which every promise is kept: a server of a few lines in memory, and what its clients see. Tests then take
/// one thing out, or put one in.</summary>
/// <remarks>People 11, 12 and 13 are in General, which is room 1; 11 and 12 are in the closed room 2. Each has a socket (devices 0, 1 and 2);
/// device 3 is the original's of 11, device 4 asks over HTTP for 12.</remarks>
internal sealed class SmallRun
{
    public const long General = 1, Closed = 2;
    public static readonly long[] People = [11, 12, 13];
    static readonly DateTimeOffset s_began = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    static readonly Plan s_plan = new(
        1, 3, 2,
        [
            new DevicePlan(0, Door.Socket), new DevicePlan(1, Door.Socket), new DevicePlan(2, Door.Socket), new DevicePlan(0, Door.Original),
            new DevicePlan(1, Door.Http),
        ], []);

    readonly SmallServer _server = new();
    readonly Dictionary<int, (int Connection, Dictionary<long, long> Held)> _open = [];
    readonly Dictionary<int, Dictionary<long, long>> _left = [];
    long _now;
    int _ops, _connections;

    public SmallRun()
    {
        foreach (var device in new[] { 0, 1, 2, 3 }) Open(device);
    }

    public List<Entry> Entries { get; } = [];

    /// <summary>A post from the question to what everybody hears; the order of both can be told apart by the caller.</summary>
    public Message Post(int device, long roomId, string body, long? replyTo = null, long[]? mentions = null, Act act = Act.Post)
    {
        var op = Ask(device, roomId, act, body: body, cid: $"c{_ops + 1}");
        var message = _server.Add(roomId, PersonOf(device), $"c{op}", body, replyTo, mentions, Time());
        Tell(roomId, new MessageChange(roomId, message.Rev, message));
        Answer(op, device, ack: AckOf(message));
        return message;
    }

    /// <summary>A post whose answer is lost; whether it is stored is the caller's choice.</summary>
    public int PostLost(int device, long roomId, string body, bool stored)
    {
        var op = Ask(device, roomId, Act.PostOnce, body: body, cid: $"c{_ops + 1}");
        if (stored && _server.Add(roomId, PersonOf(device), $"c{op}", body, null, null, Time()) is var message)
            Tell(roomId, new MessageChange(roomId, message.Rev, message));
        Answer(op, device, outcome: Outcome.Unknown);
        return op;
    }

    public void Repeat(int device, Message first) =>
        Answer(Ask(device, first.RoomId, Act.Repeat, first.Body, first.Cid), device, ack: AckOf(first) with { Duplicate = true });

    public void Contradict(int device, Message first, string body) =>
        Answer(Ask(device, first.RoomId, Act.Contradict, body, first.Cid), device, Outcome.Refused, "conflict");

    public void Refuse(int device, long roomId, string body, string code) =>
        Answer(Ask(device, roomId, Act.Post, body, $"c{_ops + 1}"), device, Outcome.Refused, code);

    public Message Edit(int device, Message before, string body) => Change(
        device, Act.Edit, before, body, message => message with { Body = body, EditedAt = Time(), Mentions = null });

    public Message Delete(int device, Message before) => Change(
        device, Act.Delete, before, null, message => message with { Body = null, DeletedAt = Time(), Mentions = null, ReplyTo = null, Reactions = null });

    public void Leave(int device, long roomId) => Move(Act.Leave, device, roomId, PersonOf(device), SystemEvent.Left, joined: false);

    public void Remove(int device, long roomId, long person) => Move(Act.Remove, device, roomId, person, SystemEvent.Removed, joined: false);

    public void Invite(int device, long roomId, long person) => Move(Act.Invite, device, roomId, person, SystemEvent.Invited, joined: true);

    public void Read(int device, long roomId, long seq)
    {
        var op = Ask(device, roomId, Act.Read, seq: seq);
        var place = _server.Mark(PersonOf(device), roomId, seq);
        TellPerson(PersonOf(device), place);
        Answer(op, device);
    }

    public void Page(int device, long roomId)
    {
        var began = Tick();
        var messages = _server.MessagesOf(roomId);
        Add(new Fetched(Tick(), device, began, roomId, new MessagePage(
            roomId, messages, _server.HeadOf(roomId), HasBefore: false, HasAfter: false, _server.ReadOf(PersonOf(device), roomId))));
    }

    public void Cut(int device)
    {
        _open.Remove(device, out var was);
        _left[device] = was.Held;
        Add(new Closed(Tick(), device, was.Connection, null));
    }

    /// <summary>Comes back with what it holds.</summary>
    public void Resume(int device)
    {
        var (held, person) = (_left[device], PersonOf(device));
        var connection = ++_connections;
        var hello = new Hello("e", _server.PersonHead(person), 1, new Dictionary<long, long>(held));
        Add(new Opened(Tick(), device, connection, hello));
        Add(new Heard(Tick(), device, connection, _server.Welcome(person)));
        _open[device] = (connection, []);
        foreach (var roomId in _server.RoomsOf(person))
        {
            if (held.TryGetValue(roomId, out var rev) && rev < _server.HeadOf(roomId))
                Add(new Heard(Tick(), device, connection, _server.Changes(person, roomId, rev)));
            _open[device].Held[roomId] = _server.HeadOf(roomId);
        }
    }

    public void Typing(int device, long roomId, long person) => Add(new Heard(Tick(), device, _open[device].Connection, new SomebodyTyping(roomId, person)));

    public int ConnectionOf(int device) => _open[device].Connection;

    /// <summary>Time goes by.</summary>
    public void Wait(long micros) => _now += micros;

    public long Tick() => _now += 500;

    public Run Build() => new(
        s_plan, People, [General, Closed], [.. Entries], [.. Enumerable.Range(0, 5).Select(HoldingOf)], _server.Truth(),
        [_server.Served(0), _server.Served(1)], TimeSpan.Zero);

    public static long PersonOf(int device) => People[s_plan.Devices[device].Person];

    static Ack AckOf(Message message) => new(message.Cid!, message.RoomId, message.Id, message.Seq, message.CreatedAt, false);

    Holding? HoldingOf(int device) => s_plan.Devices[device].Door != Door.Socket ? null : new Holding(
        "e", _server.RoomsOf(PersonOf(device)).ToDictionary(static roomId => roomId, roomId =>
        {
            var place = _server.PlaceOf(PersonOf(device), roomId);
            return new HeldRoom(
                place.Head, 1, _server.MessagesOf(roomId).ToDictionary(static message => message.Seq), place, place.Unread, place.Mentions);
        }));

    void Open(int device)
    {
        var connection = ++_connections;
        if (s_plan.Devices[device].Door == Door.Original)
        {
            Add(new Opened(Tick(), device, connection, null));
            _open[device] = (connection, []);
            return;
        }
        var person = PersonOf(device);
        Add(new Opened(Tick(), device, connection, new Hello(null, null, null, null)));
        Add(new Heard(Tick(), device, connection, _server.Welcome(person)));
        _open[device] = (connection, _server.RoomsOf(person).ToDictionary(static roomId => roomId, _server.HeadOf));
        foreach (var roomId in _server.RoomsOf(person)) Page(device, roomId);
    }

    Message Change(int device, Act act, Message before, string? body, Func<Message, Message> how)
    {
        var op = Ask(device, before.RoomId, act, body, seq: before.Seq);
        var after = _server.Change(before.RoomId, before.Seq, how);
        Tell(before.RoomId, new MessageChange(before.RoomId, after.Rev, after));
        Answer(op, device, message: after);
        return after;
    }

    void Move(Act act, int device, long roomId, long person, SystemEvent how, bool joined)
    {
        var op = Ask(device, roomId, act, user: person);
        var (member, line, place) = _server.Move(roomId, person, PersonOf(device), how, joined, Time());
        Tell(roomId, member);
        Tell(roomId, new MessageChange(roomId, line.Rev, line));
        TellPerson(person, place);
        Answer(op, device);
    }

    int Ask(int device, long roomId, Act act, string? body = null, string? cid = null, long? seq = null, long? user = null)
    {
        var connection = act is Act.Post or Act.PostOnce or Act.Repeat or Act.Contradict && _open.TryGetValue(device, out var it) ? it.Connection : 0;
        Add(new Asked(Tick(), device, ++_ops, connection, new Step(0, device, act), roomId, cid, body, seq, user));
        return _ops;
    }

    void Answer(int op, int device, Outcome outcome = Outcome.Done, string? code = null, Ack? ack = null, Message? message = null) =>
        Add(new Answered(Tick(), device, op, outcome, code, ack, message));

    void Tell(long roomId, Change change)
    {
        foreach (var (device, (connection, held)) in _open)
        {
            if (s_plan.Devices[device].Door == Door.Original)
            {
                if (roomId == General && change is MessageChange { Message: { Kind: MessageKind.Text, EditedAt: null, DeletedAt: null } said })
                    Add(new Heard(Tick(), device, connection, new OriginalFrame("Chat", said.AuthorId, "ana", said.Body!, said.CreatedAt, "#123456")));
                continue;
            }
            if (!_server.IsIn(roomId, PersonOf(device))) continue;
            Add(new Heard(Tick(), device, connection, change));
            held[roomId] = change.Rev;
        }
    }

    void TellPerson(long person, PlaceChange place)
    {
        foreach (var (device, (connection, _)) in _open)
            if (PersonOf(device) == person && s_plan.Devices[device].Door == Door.Socket) Add(new Heard(Tick(), device, connection, place));
    }

    DateTimeOffset Time() => s_began.AddMilliseconds(Tick() / 1000);

    void Add(Entry entry) => Entries.Add(entry);
}
