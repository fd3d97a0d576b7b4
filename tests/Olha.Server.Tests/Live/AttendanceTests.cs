using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Tests.Live;

/// <summary>What rooms a person's sockets hear follows from that person's own stream, whichever node says what and in whatever order.</summary>
public sealed class AttendanceTests
{
    const long RoomId = 7, UserId = 3;

    static readonly TopicId s_person = Topics.Person(UserId), s_room = Topics.Room(RoomId);

    readonly Hub _hub = new();
    readonly Delivery _delivery;
    readonly Ear _ear = new();
    readonly Connection _connection;
    readonly ConcurrentQueue<Change> _database = new();
    readonly ConcurrentQueue<Change> _room = new();

    public AttendanceTests()
    {
        var missed = new MissedChanges();
        foreach (var (topic, database) in ((TopicId, ConcurrentQueue<Change>)[])[(s_person, _database), (s_room, _room)])
            missed.Register(topic, (_, after, _) =>
            {
                List<Change> changes = [.. database.Where(it => it.Rev > after)];
                return ValueTask.FromResult(new ChangeRange(changes, changes.Count > 0 ? changes[^1].Rev : after));
            }, (_, _) => throw new InvalidOperationException("Nobody compares here."));
        _connection = new(_ear, tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
        _delivery = new Delivery(_hub, missed, TimeProvider.System, NullLogger<Delivery>.Instance);
        _hub.Add(_connection);
        _hub.Join(s_person, _connection);
    }

    sealed class Ear : IFrameSink
    {
        readonly StringBuilder _heard = new();

        /// <summary>The revisions of the room that were heard.</summary>
        public IEnumerable<long> OfRoom =>
            Regex.Matches(_heard.ToString(), """type":"(?:member|room)".*?"rev":([0-9]+)""").Select(static it => long.Parse(it.Groups[1].Value, CultureInfo.InvariantCulture));

        public bool SendsNow => true;

        public int SendNow(ReadOnlySpan<byte> wire)
        {
            _heard.Append(Encoding.UTF8.GetString(wire));
            return wire.Length;
        }

        public int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => SendNow(first) + SendNow(then);

        public ValueTask SendAsync(ReadOnlyMemory<byte> wire)
        {
            SendNow(wire.Span);
            return ValueTask.CompletedTask;
        }

        public void Finished() { }
        public void Cut() { }
    }

    bool Hears => _hub.Listens(s_room, _connection);

    static PlaceChange Place(long rev, bool joined) =>
        new(rev, new Place(RoomId, joined, 0, 0, 0, Head: 4, null, rev, 0, RoomLevel.Mentions));

    void SayHere(PlaceChange change) => _delivery.Take(new Signal.Say(FrameEncoder.Encode(s_person, change)));

    static MemberChange Member(long rev, bool joined) => new(RoomId, rev, new Member(RoomId, UserId, joined, DateTimeOffset.UnixEpoch, rev));

    static RoomChange Renamed(long rev) => new(RoomId, rev, new Room(RoomId, RoomKind.Closed, $"{rev}", null, null, false, null, DateTimeOffset.UnixEpoch, null, 1, rev));

    void SayInRoom(params Change[] changes)
    {
        foreach (var change in changes) _delivery.Take(new Signal.Say(Frame.Text(FrameEncoder.Encode(s_room, change).Payload.Span, s_room, change.Rev)));
    }

    // As it comes from another node: bytes.
    void SayThere(PlaceChange change) =>
        _delivery.Take(new Signal.Say(Frame.Text(FrameEncoder.Encode(s_person, change).Payload.Span, s_person, change.Rev)));

    [Fact]
    public void Who_comes_and_goes_at_another_node_begins_and_ends_to_hear_here()
    {
        _delivery.Know(s_person, 0);

        SayThere(Place(1, joined: true));
        Assert.True(Hears);
        SayThere(Place(2, joined: false));

        Assert.False(Hears);
    }

    [Fact]
    public void What_a_room_said_first_after_somebody_came_is_expected_from_where_they_came()
    {
        _delivery.Know(s_person, 0);

        SayThere(Place(1, joined: true));

        Assert.Contains((s_room, 4), _delivery.Served());
    }

    [Fact]
    public async Task A_place_of_which_no_hint_came_is_taken_from_the_database()
    {
        _delivery.Know(s_person, 0);
        _database.Enqueue(Place(1, joined: true));

        await _delivery.PassedAsync(new Dictionary<TopicId, long> { [s_person] = 1 }, TestContext.Current.CancellationToken);

        Assert.True(Hears);
    }

    [Fact]
    public void Sent_out_elsewhere_before_their_coming_was_told_here_they_hear_nothing()
    {
        _delivery.Know(s_person, 0);
        SayThere(Place(2, joined: false)); // waits for its predecessor

        _delivery.Take(new Signal.Follow(s_person, s_room, Rev: 1));
        SayHere(Place(1, joined: true));

        Assert.False(Hears);
    }

    [Fact]
    public async Task A_coming_that_is_told_late_is_over_when_the_stream_has_gone_past_it()
    {
        _delivery.Know(s_person, 0);
        _database.Enqueue(Place(2, joined: false));
        await _delivery.PassedAsync(new Dictionary<TopicId, long> { [s_person] = 2 }, TestContext.Current.CancellationToken);

        _delivery.Take(new Signal.Follow(s_person, s_room, Rev: 1));

        Assert.False(Hears);
    }

    [Fact]
    public void What_is_told_while_somebody_is_welcomed_counts_from_what_they_read()
    {
        _hub.Join(s_room, _connection);
        SayThere(Place(3, joined: true)); // of another node, and here before the second one
        SayThere(Place(2, joined: false));
        SayThere(Place(4, joined: false));

        _delivery.Know(s_person, 1);

        Assert.False(Hears);
        Assert.Contains((s_person, 4), _delivery.Served());
    }

    // F7, seed 14: a net that was whole again brought what the room had said since, before it brought that they were no longer in it.
    [Fact]
    public async Task Of_what_was_missed_they_hear_nothing_that_came_after_they_were_sent_out()
    {
        _delivery.Know(s_person, 0);
        _hub.Join(s_room, _connection);
        _delivery.Know(s_room, 4);
        foreach (var change in (Change[])[Renamed(5), Member(6, joined: false), Renamed(7)]) _room.Enqueue(change);

        await _delivery.PassedAsync(new Dictionary<TopicId, long> { [s_room] = 7 }, TestContext.Current.CancellationToken);

        Assert.False(Hears);
        Assert.Equal([5], _ear.OfRoom);
    }

    [Fact]
    public void They_hear_nothing_that_came_after_they_were_sent_out_also_when_their_own_stream_is_behind()
    {
        _delivery.Know(s_person, 0);
        _hub.Join(s_room, _connection);
        _delivery.Know(s_room, 4);

        SayInRoom(Renamed(5), Member(6, joined: false), Renamed(7));

        Assert.Equal([5], _ear.OfRoom);
    }

    [Fact]
    public void Having_been_sent_out_before_they_were_found_there_is_over()
    {
        _delivery.Know(s_person, 0);
        _hub.Join(s_room, _connection);
        _delivery.Know(s_room, 1);
        _delivery.Admit(s_person, s_room, 3); // by what they read while they were welcomed

        SayInRoom(Member(2, joined: false), Member(3, joined: true), Renamed(4));
        Assert.Equal([2, 3, 4], _ear.OfRoom);

        SayThere(Place(1, joined: true)); // at the room's revision 4
        SayInRoom(Member(5, joined: false), Renamed(6));
        Assert.Equal([2, 3, 4], _ear.OfRoom);
    }

    [Fact]
    public void A_change_that_a_newer_version_tells_is_passed_on()
    {
        _delivery.Know(s_person, 0);

        _delivery.Take(new Signal.Say(Frame.Text("""{"type":"new","rev":1}"""u8, s_person, 1)));
        SayThere(Place(2, joined: true));

        Assert.True(Hears);
    }

    [Fact]
    public void A_stream_that_nobody_listens_to_any_more_is_forgotten()
    {
        _delivery.Know(s_person, 9);
        _hub.Remove(_connection);

        Assert.Empty(_delivery.Served());
    }
}
