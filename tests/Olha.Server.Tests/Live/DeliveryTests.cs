using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Tests.Live;

/// <summary>Signals in any order, lost or doubled: what a listener hears has every revision once, in order.</summary>
public sealed class DeliveryTests
{
    const long RoomId = 7;

    readonly Hub _hub = new();
    readonly MissedChanges _missed = new();
    readonly Delivery _delivery;
    readonly Ear _ear = new();
    readonly Connection _connection;
    int _reads;

    /// <summary>The room as the database would have it: the latest form of each message, by revision.</summary>
    readonly ConcurrentDictionary<long, MessageChange> _database = new();

    public DeliveryTests()
    {
        _missed.Register(Topics.Room(0), (_, after, _) =>
        {
            Interlocked.Increment(ref _reads);
            var changes = _database.Values.Where(it => it.Rev > after).OrderBy(it => it.Rev).ToList();
            return ValueTask.FromResult(new ChangeRange([.. changes], changes.Count > 0 ? changes[^1].Rev : after));
        }, Heads);
        _delivery = new Delivery(_hub, _missed, TimeProvider.System, NullLogger<Delivery>.Instance);
        _connection = new Connection(_ear, tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
        _hub.Add(_connection);
        _hub.Join(Topics.Room(RoomId), _connection);
        _delivery.Know(Topics.Room(RoomId), 0);
    }

    ValueTask<List<StreamHead>> Heads(IReadOnlyCollection<long> ids, CancellationToken ct) =>
        ValueTask.FromResult(ids.Select(id => new StreamHead(id, _database.IsEmpty ? 0 : _database.Keys.Max())).ToList());

    sealed class Ear : IFrameSink
    {
        readonly System.Threading.Channels.Channel<long> _revs = System.Threading.Channels.Channel.CreateUnbounded<long>();

        // Frames of a few hundred bytes, several in one write: a header of four bytes each.
        public int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => SendNow([.. first, .. then]);
        public void Finished() { }
        public void Cut() { }
        public ValueTask SendAsync(ReadOnlyMemory<byte> wire)
        {
            SendNow(wire.Span);
            return ValueTask.CompletedTask;
        }

        public bool SendsNow => true;

        public int SendNow(ReadOnlySpan<byte> wire)
        {
            for (var rest = wire; rest.Length > 0;)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
                _revs.Writer.TryWrite(JsonSerializer.Deserialize(rest.Slice(4, length), ProtocolJson.Wire.Change)!.Rev);
                rest = rest[(4 + length)..];
            }
            return wire.Length;
        }

        public async Task<List<long>> UpToAsync(long rev)
        {
            var heard = new List<long>();
            while (heard.Count == 0 || heard[^1] < rev) heard.Add(await _revs.Reader.ReadAsync(TestContext.Current.CancellationToken));
            return heard;
        }
    }

    MessageChange Store(long rev, long? seq = null)
    {
        var message = new Message(
            rev, RoomId, seq ?? rev, rev, 1, $"c{rev}", MessageKind.Text, "olá", null, DateTimeOffset.UnixEpoch, null, null);
        var change = new MessageChange(RoomId, rev, message);
        _database[message.Seq] = change;
        return change;
    }

    void Say(Change change) => _delivery.Take(new Signal.Say(FrameEncoder.Encode(Topics.Room(RoomId), change)));

    static IEnumerable<long> Revs(int from, int to) => Enumerable.Range(from, to - from + 1).Select(it => (long)it);

    [Fact]
    public async Task What_comes_in_order_is_heard_in_order_without_asking_the_database()
    {
        for (var rev = 1; rev <= 100; rev++) Say(Store(rev));

        Assert.Equal(Revs(1, 100), await _ear.UpToAsync(100));
        Assert.Equal(0, _reads);
    }

    [Fact]
    public void What_a_newer_version_tells_is_no_change_here_and_no_error()
    {
        Assert.Null(Delivery.ChangeOf(Frame.Text("""{"type":"novel","rev":1}"""u8, Topics.Server, 1)));
        Assert.Null(Delivery.ChangeOf(Frame.Text("nonsense"u8, Topics.Server, 1)));
    }

    [Fact]
    public async Task A_successor_that_comes_first_waits_for_its_predecessor()
    {
        var (first, second, third) = (Store(1), Store(2), Store(3));

        Say(third);
        Say(second);
        Say(first);

        Assert.Equal(Revs(1, 3), await _ear.UpToAsync(3));
    }

    [Fact]
    public async Task What_is_heard_twice_is_told_once()
    {
        var (first, second) = (Store(1), Store(2));

        Say(first);
        Say(first);
        Say(second);
        Say(first);
        Say(Store(3));

        Assert.Equal(Revs(1, 3), await _ear.UpToAsync(3));
    }

    // Seeds 1, 3, 12 and 13 of the checker: who resumed heard changes again that their welcome contained, because these had been committed
    // and were not announced yet.
    [Fact]
    public async Task Who_has_read_ahead_waits_until_it_has_been_told()
    {
        var patient = new Delivery(_hub, _missed, new NoTimers(), NullLogger<Delivery>.Instance);
        var (first, second) = (Store(1), Store(2));
        patient.Know(Topics.Room(RoomId), 0);

        var passed = patient.PassedAsync(
            new Dictionary<TopicId, long> { [Topics.Room(RoomId)] = 2 }, TestContext.Current.CancellationToken).AsTask();
        patient.Take(new Signal.Say(FrameEncoder.Encode(Topics.Room(RoomId), first)));
        Assert.False(passed.IsCompleted);
        patient.Take(new Signal.Say(FrameEncoder.Encode(Topics.Room(RoomId), second)));

        await passed;
        Assert.Equal(Revs(1, 2), await _ear.UpToAsync(2));
    }

    [Fact]
    public async Task What_somebody_has_read_ahead_and_of_which_the_hint_was_lost_is_read_for_the_others()
    {
        Say(Store(1));
        Store(2);

        await _delivery.PassedAsync(new Dictionary<TopicId, long> { [Topics.Room(RoomId)] = 2 }, TestContext.Current.CancellationToken);

        Assert.Equal(Revs(1, 2), await _ear.UpToAsync(2));
        Assert.Equal(1, _reads);
    }

    /// <summary>A clock that never strikes: only what is delivered can end a wait.</summary>
    sealed class NoTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public async Task A_hint_that_never_comes_is_read_from_the_database_once()
    {
        Say(Store(1));
        Store(2);
        Store(3);
        Say(Store(4));
        Say(Store(5));

        Assert.Equal(Revs(1, 5), await _ear.UpToAsync(5));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_revision_that_was_superseded_is_skipped_and_order_goes_on()
    {
        Say(Store(1));
        Store(2, seq: 2);
        Store(3, seq: 2); // the same message again: revision 2 is nobody's latest form
        Say(Store(4));

        Assert.Equal([1, 3, 4], await _ear.UpToAsync(4));
        Say(Store(5));
        Assert.Equal([5], await _ear.UpToAsync(5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_order_any_loss_any_doubling_ends_in_every_revision_once(int seed)
    {
        var random = new Random(seed);
        const int Last = 400;
        var changes = Revs(1, Last).Select(rev => Store(rev)).ToList();

        // Committed in order, announced within a window of each other, some lost, some twice; the last one arrives.
        var signals = changes.SkipLast(1).Where(_ => random.Next(10) > 0)
            .SelectMany(it => random.Next(5) == 0 ? new[] { it, it } : [it])
            .Select(it => (it, At: it.Rev + random.NextDouble() * 20)).OrderBy(it => it.At).Select(it => it.it).Append(changes[^1]);
        foreach (var signal in signals)
        {
            Say(signal);
            if (random.Next(20) == 0) await Task.Yield();
        }

        Assert.Equal(Revs(1, Last), await _ear.UpToAsync(Last));
    }

    [Fact]
    public async Task A_last_change_of_which_nothing_was_heard_is_found_by_comparing()
    {
        Say(Store(1));
        Store(2);
        Store(3);

        var served = Assert.Single(_delivery.Served());
        Assert.Equal((Topics.Room(RoomId), 1), served);
        _delivery.Compare([(Topics.Room(RoomId), 3)]);

        Assert.Equal(Revs(1, 3), await _ear.UpToAsync(3));
    }

    [Fact]
    public async Task How_far_a_stream_has_come_is_remembered_until_it_is_known_where_it_begins()
    {
        var ear = new Ear();
        var connection = new Connection(ear, tag: 2, new OutboxLimits(), TimeProvider.System, held: false);
        _hub.Add(connection);
        _hub.Join(Topics.Room(8), connection);
        for (var rev = 1; rev <= 3; rev++) Store(rev);

        _delivery.Take(new Signal.Heads([(Topics.Room(8), 3)]));
        _delivery.Know(Topics.Room(8), 1);

        Assert.Equal(Revs(2, 3), await ear.UpToAsync(3));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_database_that_fails_is_asked_again()
    {
        var failures = 2;
        var read = _missed;
        read.Register(Topics.Room(0), (_, after, _) => failures-- > 0
            ? throw new IOException("away")
            : ValueTask.FromResult(new ChangeRange([.. _database.Values.Where(it => it.Rev > after).OrderBy(it => it.Rev)], _database.Count)), Heads);
        Store(1);

        Say(Store(2));

        Assert.Equal(Revs(1, 2), await _ear.UpToAsync(2));
    }

    // Seed 2 of two nodes that lose hints: who had just come heard again, behind it, what their welcome contained.
    [Fact]
    public async Task A_gap_that_is_read_for_those_who_have_gone_is_not_told_to_those_who_came_since()
    {
        var (asked, answer, ear) = (new TaskCompletionSource(), new TaskCompletionSource(), new Ear());
        _missed.Register(Topics.Room(0), async (_, after, _) =>
        {
            asked.TrySetResult();
            await answer.Task;
            return new ChangeRange([.. _database.Values.Where(it => it.Rev > after).OrderBy(it => it.Rev)], _database.Count);
        }, Heads);
        Store(1);
        Say(Store(2));
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        _hub.Leave(Topics.Room(RoomId), _connection);
        Assert.Empty(_delivery.Served());
        var newcomer = new Connection(ear, tag: 2, new OutboxLimits(), TimeProvider.System, held: false);
        _hub.Add(newcomer);
        _hub.Join(Topics.Room(RoomId), newcomer);
        _delivery.Know(Topics.Room(RoomId), 2);
        answer.SetResult();
        Store(3);
        Say(Store(4)); // a gap of the newcomer's, read after the other one

        Assert.Equal(Revs(3, 4), await ear.UpToAsync(4));
    }

    [Fact]
    public async Task A_tap_hears_the_same_order_though_nobody_listens()
    {
        var heard = new List<long>();
        var filled = new TaskCompletionSource();
        _delivery.Listen(Topics.Room(8), head: 4, round =>
        {
            foreach (var frame in round) heard.Add(frame.Rev);
            if (heard[^1] == 6) filled.SetResult();
        });
        var (five, six) = (Store(5), Store(6));

        _delivery.Take(new Signal.Say(FrameEncoder.Encode(Topics.Room(8), six)));
        _delivery.Take(new Signal.Say(FrameEncoder.Encode(Topics.Room(8), five)));

        await filled.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([5, 6], heard);
    }

    [Fact]
    public async Task Successors_beyond_what_is_kept_are_read_with_the_gap()
    {
        const int Last = 3000;
        for (var rev = 1; rev <= Last; rev++) Store(rev);

        for (var rev = 2; rev <= Last; rev++) Say((Change)_database[rev]);

        Assert.Equal(Revs(1, Last), await _ear.UpToAsync(Last));
    }
}
