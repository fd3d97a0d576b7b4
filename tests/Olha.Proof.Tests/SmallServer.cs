using Olha.Protocol;

namespace Olha.Proof.Tests;

/// <summary>What a server has to do at the least, in memory.</summary>
internal sealed class SmallServer
{
    sealed class RoomState(Room row)
    {
        public readonly Room Row = row;
        public readonly SortedDictionary<long, Message> Messages = [];
        public readonly SortedDictionary<long, (Member Form, long Mark, long PersonRev)> Members = [];
        public long Rev = 1;
    }

    static readonly DateTimeOffset s_made = new(2026, 1, 31, 11, 0, 0, TimeSpan.Zero);

    readonly Dictionary<long, RoomState> _rooms = new()
    {
        [SmallRun.General] = new(new Room(SmallRun.General, RoomKind.Open, "General", null, null, true, null, s_made, null, 1, 1)),
        [SmallRun.Closed] = new(new Room(SmallRun.Closed, RoomKind.Closed, "Room 1", null, 11, false, null, s_made, null, 1, 1)),
    };

    readonly Dictionary<long, long> _personRevs = SmallRun.People.ToDictionary(static id => id, static _ => 0L);
    long _ids;

    public SmallServer()
    {
        foreach (var person in SmallRun.People) Move(SmallRun.General, person, person, SystemEvent.Joined, true, s_made);
        Move(SmallRun.Closed, 11, 11, SystemEvent.Joined, true, s_made);
        Move(SmallRun.Closed, 12, 11, SystemEvent.Invited, true, s_made);
    }

    public Message Add(long roomId, long author, string? cid, string body, long? replyTo, long[]? mentions, DateTimeOffset now)
    {
        var room = _rooms[roomId];
        var reply = replyTo is { } seq ? new ReplyTo(seq, room.Messages[seq].AuthorId) : null;
        return Put(room, new Message(
            ++_ids, roomId, room.Messages.Count + 1, ++room.Rev, author, cid, MessageKind.Text, body, null, now, null, null, reply, mentions));
    }

    public Message Change(long roomId, long seq, Func<Message, Message> how) =>
        Put(_rooms[roomId], how(_rooms[roomId].Messages[seq]) with { Rev = ++_rooms[roomId].Rev });

    public (MemberChange Member, Message Line, PlaceChange Place) Move(
        long roomId, long person, long actor, SystemEvent how, bool joined, DateTimeOffset now)
    {
        var room = _rooms[roomId];
        var member = new Member(roomId, person, joined, now, ++room.Rev);
        var mark = joined ? room.Messages.Count + 1 : room.Members[person].Mark;
        room.Members[person] = (member, mark, ++_personRevs[person]);
        var line = Put(room, new Message(
            ++_ids, roomId, room.Messages.Count + 1, ++room.Rev, actor, null, MessageKind.System, null, new SystemLine(how, person, null), now, null, null));
        var place = joined ? PlaceOf(person, roomId) : new Place(roomId, false, 0, 0, 0, 0, null, _personRevs[person], 0, RoomLevel.Mentions);
        return (new MemberChange(roomId, member.Rev, member), line, new PlaceChange(place.Rev, place));
    }

    public PlaceChange Mark(long person, long roomId, long seq)
    {
        var member = _rooms[roomId].Members[person];
        _rooms[roomId].Members[person] = (member.Form, seq, ++_personRevs[person]);
        return new PlaceChange(_personRevs[person], PlaceOf(person, roomId));
    }

    public bool IsIn(long roomId, long person) => _rooms[roomId].Members.TryGetValue(person, out var member) && member.Form.Joined;

    public IEnumerable<long> RoomsOf(long person) => _rooms.Keys.Where(roomId => IsIn(roomId, person));

    public long HeadOf(long roomId) => _rooms[roomId].Rev;

    public long PersonHead(long person) => _personRevs[person];

    public List<Message> MessagesOf(long roomId) => [.. _rooms[roomId].Messages.Values];

    public ReadState ReadOf(long person, long roomId)
    {
        var (room, member) = (_rooms[roomId], _rooms[roomId].Members[person]);
        var (unread, mentions) = (0L, 0L);
        foreach (var message in room.Messages.Values)
        {
            if (message.Seq <= member.Mark || message.AuthorId == person || message.Body is null) continue;
            unread++;
            if (message.ReplyTo?.AuthorId == person || (message.Mentions ?? []).Any(id => id == person || id == 0)) mentions++;
        }
        return new ReadState(roomId, member.Mark, unread, room.Rev, member.PersonRev, mentions);
    }

    public Place PlaceOf(long person, long roomId)
    {
        var (room, read) = (_rooms[roomId], ReadOf(person, roomId));
        return new Place(
            roomId, true, read.Mark, read.Unread, room.Messages.Count, room.Rev, room.Row, read.Rev, read.Mentions, RoomLevel.Mentions);
    }

    public Welcome Welcome(long person) => new(
        "e", new Person(person, "ana", "Ana", "#123456", Role.Member, 1), _personRevs[person], 1,
        new ServerSettings("Olha", false, 1, Registration.Open, 4000, 0), [.. RoomsOf(person).Select(roomId => PlaceOf(person, roomId))], [], true,
        new Limits(4000, 0, 0, 65536), new HeartbeatTimes(25000, 10000), [], []);

    public RoomChanges Changes(long person, long roomId, long after)
    {
        var room = _rooms[roomId];
        var changes = room.Messages.Values.Select(message => (Change)new MessageChange(roomId, message.Rev, message))
            .Concat(room.Members.Values.Select(member => new MemberChange(roomId, member.Form.Rev, member.Form)))
            .Append(new RoomChange(roomId, room.Row.Rev, room.Row))
            .Where(change => change.Rev > after).OrderBy(static change => change.Rev);
        return new RoomChanges(roomId, room.Rev, room.Rev, [.. changes], ReadOf(person, roomId));
    }

    public Served Served(int node) => new(
        node, _rooms.ToDictionary(static it => it.Key, static it => (IReadOnlyDictionary<long, Message>)new Dictionary<long, Message>(it.Value.Messages)),
        SmallRun.People.SelectMany(person => RoomsOf(person).Select(roomId => (person, roomId)))
            .ToDictionary(static it => it, it => PlaceOf(it.person, it.roomId)));

    public Truth Truth() => new(
        "e", [.. _rooms.Values.Select(static room => new TrueRoom(room.Messages.Count, room.Rev, room.Row))],
        [.. _rooms.Values.SelectMany(static room => room.Messages.Values).Select(static message => new TrueMessage(message))],
        [.. _rooms.Values.SelectMany(static room => room.Members.Values)
            .Select(static member => new TrueMembership(member.Form, member.Mark, member.PersonRev, RoomLevel.Mentions))],
        [.. _rooms.Values.SelectMany(static room => room.Messages.Values).Where(static message => message.Body is not null).SelectMany(static message =>
            (message.Mentions ?? []).Concat(message.ReplyTo is { } to && to.AuthorId != message.AuthorId ? [to.AuthorId] : [])
                .Select(id => new TrueMention(message.RoomId, id, message.Seq, message.AuthorId, "name")))]);

    static Message Put(RoomState room, Message message) => room.Messages[message.Seq] = message;
}
