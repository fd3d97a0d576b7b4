namespace Olha.Fanout.Tests;

public sealed class ConnectionTests
{
    readonly RecordingSink _sink = new();

    [Fact]
    public async Task Frames_are_written_in_the_order_in_which_they_were_added()
    {
        var connection = Some.Connection(_sink);

        for (var i = 0; i < 1000; i++) connection.Enqueue(Some.Frame($"{i}"));

        for (var i = 0; i < 1000; i++) Assert.Equal($"{i}", await _sink.NextAsync());
    }

    [Fact]
    public async Task Many_threads_adding_at_once_lose_nothing_and_keep_each_ones_order()
    {
        var connection = Some.Connection(_sink, new OutboxLimits(Bytes: 64 << 20, Frames: 1 << 20));
        const int Threads = 8, Each = 2000;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) connection.Enqueue(Some.Frame($"{thread} {i}"));
        }, TestContext.Current.CancellationToken)));

        var next = new int[Threads];
        for (var i = 0; i < Threads * Each; i++)
        {
            var words = (await _sink.NextAsync()).Split(' ');
            Assert.Equal(next[int.Parse(words[0])]++, int.Parse(words[1]));
        }
        Assert.Equal((0, 0), connection.Waiting);
    }

    [Fact]
    public async Task Held_frames_wait_until_the_starting_state_is_out_and_the_unwanted_are_dropped()
    {
        var connection = Some.Connection(_sink, held: true);

        connection.Enqueue(Some.Frame("old", Some.Room, rev: 4));
        connection.Enqueue(Some.Frame("new", Some.Room, rev: 5));
        connection.EnqueueDirect(Some.Frame("welcome"));
        connection.Release(frame => frame.Rev > 4);
        connection.Enqueue(Some.Frame("newer", Some.Room, rev: 6));

        Assert.Equal("welcome", await _sink.NextAsync());
        Assert.Equal("new", await _sink.NextAsync());
        Assert.Equal("newer", await _sink.NextAsync());
        Assert.True(_sink.IsSilent);
        Assert.Equal((0, 0), connection.Waiting);
    }

    // A ping before the welcome went unanswered, and its sender took the server for gone.
    [Fact]
    public async Task An_answer_to_the_transport_waits_for_no_starting_state()
    {
        var connection = Some.Connection(_sink, held: true);

        connection.Enqueue(Some.Frame("said", Some.Room, rev: 5));
        connection.Answer(Some.Frame("pong"));
        Assert.Equal("pong", await _sink.NextAsync());
        Assert.True(_sink.IsSilent);

        connection.EnqueueDirect(Some.Frame("welcome"));
        connection.Answer(Some.Frame("pong"));
        connection.Release(static _ => true);
        connection.Answer(Some.Frame("last"));
        foreach (var expected in (string[])["welcome", "pong", "said", "last"]) Assert.Equal(expected, await _sink.NextAsync());
        Assert.Equal((0, 0), connection.Waiting);
    }

    [Fact]
    public async Task Answers_that_nobody_reads_are_bounded_also_while_frames_are_held()
    {
        _sink.StopReading();
        var overflowed = 0;
        var connection = new Connection(_sink, 1, new OutboxLimits(Bytes: 1000, Frames: 3), TimeProvider.System, held: true)
        {
            Overflowed = _ => overflowed++,
        };

        connection.Answer(Some.Frame("stuck"));
        await _sink.Stuck.Task;
        for (var i = 0; i < 3; i++) connection.Answer(Some.Frame("waits"));
        Assert.Equal(0, overflowed);
        connection.Answer(Some.Frame("too many"));

        Assert.Equal(1, overflowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_starting_state_larger_than_the_outbox_leaves_room_for_what_is_said_meanwhile(bool whileHeld)
    {
        _sink.StopReading();
        var connection = Some.Connection(_sink, new OutboxLimits(Bytes: 100, Frames: 2), held: true);
        var (state, more) = (new string('w', 500), new string('m', 500));

        connection.EnqueueDirect(Some.Frame(state));
        await _sink.Stuck.Task;
        connection.EnqueueDirect(Some.Frame(more));
        if (whileHeld) connection.Enqueue(Some.Frame("said", Some.Room, rev: 5));
        connection.Release(static _ => true);
        if (!whileHeld) connection.Enqueue(Some.Frame("said", Some.Room, rev: 5));

        Assert.False(connection.IsClosing);
        _sink.Read();
        Assert.Equal(state, await _sink.NextAsync());
        Assert.Equal(more, await _sink.NextAsync());
        Assert.Equal("said", await _sink.NextAsync());
        Assert.Equal((0, 0), connection.Waiting);
    }

    [Theory]
    [InlineData(100, 1000, 30)] // bytes
    [InlineData(1 << 20, 5, 1)] // frames
    public async Task A_socket_that_does_not_read_is_closed_when_its_outbox_is_full(int bytes, int frames, int size)
    {
        var connection = Some.Connection(_sink, new OutboxLimits(bytes, frames));
        _sink.StopReading();
        connection.Enqueue(Some.Frame("taken by the transport"));
        await _sink.Stuck.Task;

        for (var i = 0; i < 10; i++) connection.Enqueue(Some.Frame(new string('x', size)));

        Assert.True(connection.IsClosing);
        Assert.Equal(4001, connection.CloseCode);
        // What waited was dropped: only the goodbye is left.
        Assert.Equal((2, 2 + 3 + 2 + 2 + 4), connection.Waiting); // "bye" and the close with "slow"
        _sink.Read();
        Assert.Equal("taken by the transport", await _sink.NextAsync());
        Assert.Equal("bye", await _sink.NextAsync());
        await _sink.Ended.Task;
        Assert.Equal((4001, "slow"), _sink.Closed);
    }

    [Fact]
    public async Task A_goodbye_that_is_not_taken_ends_in_a_cut()
    {
        var connection = Some.Connection(_sink);
        _sink.StopReading();
        connection.Enqueue(Some.Frame("stuck"));
        await _sink.Stuck.Task;

        connection.Close(4000, "restart", Some.Frame("bye"));

        await _sink.Aborted.Task; // after two seconds
        Assert.Null(_sink.Closed);
    }

    [Fact]
    public async Task Ephemeral_frames_are_dropped_first()
    {
        var connection = Some.Connection(_sink, new OutboxLimits(Bytes: 400, Frames: 100));
        _sink.StopReading();
        connection.Enqueue(Some.Frame("stuck"));
        await _sink.Stuck.Task;

        connection.Enqueue(Some.Frame(new string('a', 120)));
        connection.Enqueue(Some.Frame("typing", ephemeral: true));
        connection.Enqueue(Some.Frame("message"));

        Assert.False(connection.IsClosing);
        _sink.Read();
        Assert.Equal("stuck", await _sink.NextAsync());
        Assert.Equal(new string('a', 120), await _sink.NextAsync());
        Assert.Equal("message", await _sink.NextAsync());
        Assert.True(_sink.IsSilent);
    }

    [Fact]
    public async Task Closing_many_times_from_many_threads_says_goodbye_once()
    {
        var connection = Some.Connection(_sink);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
        {
            connection.Enqueue(Some.Frame("x"));
            connection.Close(4000 + i, "reason", Some.Frame("bye"));
        }, TestContext.Current.CancellationToken)));
        await _sink.Ended.Task;

        var goodbyes = 0;
        while (!_sink.IsSilent)
            if (await _sink.NextAsync() == "bye") goodbyes++;
        Assert.Equal(1, goodbyes);
        Assert.Equal(connection.CloseCode, _sink.Closed?.Code);
    }

    [Fact]
    public async Task Frames_that_wait_together_are_written_together()
    {
        var connection = Some.Connection(_sink);
        _sink.StopReading();
        connection.Enqueue(Some.Frame("first"));
        await _sink.Stuck.Task;
        for (var i = 0; i < 100; i++) connection.Enqueue(Some.Frame($"{i}"));
        connection.Enqueue(Some.Frame(new string('x', 100_000)));
        connection.Enqueue(Some.Frame("last"));

        _sink.Read();

        Assert.Equal("first", await _sink.NextAsync());
        for (var i = 0; i < 100; i++) Assert.Equal($"{i}", await _sink.NextAsync());
        Assert.Equal(100_000, (await _sink.NextAsync()).Length);
        Assert.Equal("last", await _sink.NextAsync());
        Assert.Equal(4, _sink.Writes); // the first, the hundred, the one that is larger than a write, the last
    }
}
