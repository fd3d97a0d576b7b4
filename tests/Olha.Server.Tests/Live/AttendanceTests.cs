using System.Collections.Concurrent;
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
    readonly Connection _connection = new(new Nowhere(), tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
    readonly ConcurrentQueue<Change> _database = new();

    public AttendanceTests()
    {
        var missed = new MissedChanges();
        missed.Register(s_person, (_, after, _) =>
        {
            List<Change> changes = [.. _database.Where(it => it.Rev > after)];
            return ValueTask.FromResult(new ChangeRange(changes, changes.Count > 0 ? changes[^1].Rev : after));
        }, (_, _) => throw new InvalidOperationException("Nobody compares here."));
        _delivery = new Delivery(_hub, missed, TimeProvider.System, NullLogger<Delivery>.Instance);
        _hub.Add(_connection);
        _hub.Join(s_person, _connection);
    }

    sealed class Nowhere : IFrameSink
    {
        public bool SendsNow => true;
        public int SendNow(ReadOnlySpan<byte> wire) => wire.Length;
        public int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => first.Length + then.Length;
        public ValueTask SendAsync(ReadOnlyMemory<byte> wire) => ValueTask.CompletedTask;
        public void Finished() { }
        public void Cut() { }
    }

    bool Hears => _hub.Listens(s_room, _connection);

    static PlaceChange Place(long rev, bool joined) =>
        new(rev, new Place(RoomId, joined, 0, 0, 0, Head: 4, null, rev, 0, RoomLevel.Mentions));

    void SayHere(PlaceChange change) => _delivery.Take(new Signal.Say(FrameEncoder.Encode(s_person, change)));

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
