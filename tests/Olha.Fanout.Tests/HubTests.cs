namespace Olha.Fanout.Tests;

public sealed class HubTests
{
    readonly Hub _hub = new();

    (Connection Connection, RecordingSink Sink) Open(params TopicId[] topics)
    {
        var sink = new RecordingSink();
        var connection = Some.Connection(sink);
        _hub.Add(connection);
        foreach (var topic in topics) _hub.Join(topic, connection);
        return (connection, sink);
    }

    [Fact]
    public async Task Everyone_who_listens_hears_and_nobody_else()
    {
        var ana = Open(Some.Room);
        var bruno = Open(Some.Room, Some.Person);
        var carla = Open(Some.Person);

        Assert.Equal(2, _hub.Send(Some.Frame("olá", Some.Room, 1)));

        Assert.Equal("olá", await ana.Sink.NextAsync());
        Assert.Equal("olá", await bruno.Sink.NextAsync());
        Assert.True(carla.Sink.IsSilent);
    }

    [Fact]
    public void Joining_twice_is_hearing_once()
    {
        var ana = Open(Some.Room, Some.Room);

        Assert.Equal(1, _hub.Send(Some.Frame("olá", Some.Room, 1)));
        _hub.Leave(Some.Room, ana.Connection);
        Assert.Equal(0, _hub.Send(Some.Frame("olá", Some.Room, 2)));
    }

    [Fact]
    public void A_removed_connection_hears_nothing_and_joins_nothing()
    {
        var ana = Open(Some.Room, Some.Person);

        _hub.Remove(ana.Connection);
        _hub.Join(Some.Room, ana.Connection);

        Assert.False(_hub.Has(Some.Room));
        Assert.False(_hub.Has(Some.Person));
        Assert.Equal(0, _hub.ConnectionCount);
    }

    [Fact]
    public void Following_takes_all_of_a_persons_sockets_into_a_room_and_out_of_it()
    {
        Open(Some.Person);
        Open(Some.Person);
        Open();

        _hub.Follow(Some.Person, Some.Room);
        Assert.Equal(2, _hub.CountOf(Some.Room));

        _hub.Unfollow(Some.Person, Some.Room);
        Assert.Equal(0, _hub.CountOf(Some.Room));
    }

    [Fact]
    public void Heads_that_moved_since_a_beat_are_told_and_no_others()
    {
        var ana = Open(Some.Room, Some.Person);
        _hub.Send(Some.Frame("a", Some.Room, 3));
        var beat = _hub.NextBeat();
        Assert.Empty(_hub.MovedSince(beat, ana.Connection));

        _hub.Send(Some.Frame("b", Some.Person, 9));
        _hub.Send(Some.Frame("typing", Some.Room, ephemeral: true));

        Assert.Equal([(Some.Person, 9L)], _hub.MovedSince(beat, ana.Connection));
        Assert.Empty(_hub.MovedSince(_hub.NextBeat(), ana.Connection));
    }

    [Fact]
    public async Task Joining_and_leaving_while_sending_is_safe()
    {
        var stop = new CancellationTokenSource();
        var steady = Open(Some.Room);
        var churn = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var (connection, _) = Open(Some.Room);
                _hub.Remove(connection);
            }
        }, TestContext.Current.CancellationToken)).ToArray();

        for (var i = 1; i <= 5000; i++) _hub.Send(Some.Frame($"{i}", Some.Room, i));
        await stop.CancelAsync();
        await Task.WhenAll(churn);

        for (var i = 1; i <= 5000; i++) Assert.Equal($"{i}", await steady.Sink.NextAsync());
        Assert.Equal(1, _hub.CountOf(Some.Room));
    }

    // A room that is joined at the very moment when the starting state is complete: what is said there from then on is heard.
    [Fact]
    public async Task What_is_joined_while_a_hold_ends_loses_nothing()
    {
        const int Times = 1000, Rooms = 40;
        var chance = new Random(1);
        for (var i = 0; i < Times; i++)
        {
            var sink = new RecordingSink();
            var connection = Some.Connection(sink, held: true);
            _hub.Add(connection);
            using var both = new Barrier(2);
            var joined = Task.Run(() =>
            {
                both.SignalAndWait(TestContext.Current.CancellationToken);
                for (var room = 1; room <= Rooms; room++)
                {
                    _hub.Join(new TopicId(1, room), connection);
                    _hub.Send(Some.Frame($"{room}", new TopicId(1, room), 1));
                }
            }, TestContext.Current.CancellationToken);

            both.SignalAndWait(TestContext.Current.CancellationToken);
            Thread.SpinWait(chance.Next(400));
            _hub.Release(connection, static _ => true);
            await joined;

            for (var room = 1; room <= Rooms; room++)
                Assert.Equal($"{room}", await sink.NextAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            _hub.Remove(connection);
        }
    }

    [Fact]
    public async Task When_a_hold_ends_what_was_left_meanwhile_is_dropped()
    {
        var sink = new RecordingSink();
        var connection = Some.Connection(sink, held: true);
        _hub.Add(connection);
        _hub.Join(Some.Room, connection);
        _hub.Join(Some.Person, connection);
        _hub.Send(Some.Frame("old", Some.Room, 1));
        _hub.Send(Some.Frame("new", Some.Person, 1));
        _hub.Leave(Some.Room, connection);

        _hub.Release(connection, static _ => true);

        Assert.Equal("new", await sink.NextAsync());
        Assert.True(sink.IsSilent);
    }
}
