using System.Text;

namespace Olha.Fanout.Tests;

/// <summary>A socket that takes bytes at once, as many as it likes, and when it is full says so once there is room again.</summary>
sealed class DirectSink(Random chance) : IFrameSink
{
    readonly Lock _gate = new();
    readonly MemoryStream _taken = new();
    int _writers;

    /// <summary>Takes at most so many bytes in one go; null: a random number of them.</summary>
    public int? Most { get; set; }
    public bool Broken { get; set; }
    public Connection? Connection { get; set; }
    public int Writes { get; private set; }
    public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool SendsNow => true;

    public string Taken
    {
        get { lock (_gate) return Encoding.UTF8.GetString(_taken.ToArray()); }
    }

    public int SendNow(ReadOnlySpan<byte> wire)
    {
        Assert.Equal(1, Interlocked.Increment(ref _writers));
        if (Broken) throw new IOException("gone");
        int length;
        lock (_gate)
        {
            length = Math.Min(wire.Length, Most ?? chance.Next(0, wire.Length * 2));
            _taken.Write(wire[..length]);
        }
        Writes++;
        // The news may come before this call has returned, and it may come without need.
        if (length < wire.Length || chance.Next(8) == 0) ThreadPool.QueueUserWorkItem(_ => Connection!.Writable());
        if (chance.Next(4) == 0) Thread.Yield();
        Interlocked.Decrement(ref _writers);
        return length;
    }

    public int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => SendNow([.. first, .. then]);
    public ValueTask SendAsync(ReadOnlyMemory<byte> wire) => throw new NotSupportedException();
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public void Finished() => Ended.TrySetResult();
    public void Cut() => Aborted.TrySetResult();
}

public class DirectTests
{
    readonly Hub _hub = new();
    readonly DirectSink _sink = new(new Random(7));

    Connection Listening(bool held = false)
    {
        var connection = new Connection(_sink, 1, new OutboxLimits(), TimeProvider.System, held)
        {
            Overflowed = static it => it.Close(4001, "slow", null),
        };
        _sink.Connection = connection;
        _hub.Add(connection);
        _hub.Join(Some.Room, connection);
        return connection;
    }

    [Fact]
    public void Who_has_nothing_waiting_is_written_to_before_the_call_returns_and_in_one_go()
    {
        _sink.Most = int.MaxValue;
        var connection = Listening();

        _hub.Send([Some.Frame("one", Some.Room, 1), Some.Frame("two", Some.Room, 2)]);

        Assert.Equal("\u0003one\u0003two", Text(_sink.Taken));
        Assert.Equal((0, 0), connection.Waiting);
        Assert.Equal(1, _sink.Writes);
    }

    [Fact]
    public async Task What_a_full_socket_does_not_take_follows_before_anything_later()
    {
        _sink.Most = 3;
        Listening();

        _hub.Send([Some.Frame("one", Some.Room, 1), Some.Frame("two", Some.Room, 2)]);
        _hub.Send(Some.Frame("three", Some.Room, 3));

        await UntilAsync(() => Text(_sink.Taken) == "\u0003one\u0003two\u0005three");
    }

    [Fact]
    public async Task A_close_comes_after_the_frame_that_was_begun_and_before_those_that_were_not()
    {
        var connection = Listening();
        _sink.Most = 2;
        _hub.Send(Some.Frame("begun", Some.Room, 1));
        _hub.Send(Some.Frame("never", Some.Room, 2));
        connection.Close(1000, "end", Some.Frame("bye"));
        await _sink.Ended.Task.WaitAsync(TestContext.Current.CancellationToken);

        var said = Text(_sink.Taken);
        Assert.StartsWith("\u0005begun", said);
        Assert.EndsWith("end", said);
        Assert.Contains("\u0003bye", said);
    }

    [Fact]
    public async Task A_broken_socket_is_cut_and_the_others_hear()
    {
        var other = new RecordingSink();
        Listening();
        _sink.Broken = true;
        var healthy = Some.Connection(other);
        _hub.Add(healthy);
        _hub.Join(Some.Room, healthy);

        _hub.Send(Some.Frame("news", Some.Room, 1));

        await _sink.Aborted.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("news", await other.NextAsync());
    }

    [Fact]
    public async Task While_it_is_held_nothing_is_written()
    {
        var connection = Listening(held: true);
        _hub.Send([Some.Frame("old", Some.Room, 1), Some.Frame("new", Some.Room, 2)]);
        Assert.Equal("", _sink.Taken);

        connection.Release(static frame => frame.Rev > 1);
        await UntilAsync(() => Text(_sink.Taken) == "\u0003new");
    }

    // Rounds, single frames and a socket that takes what it likes: whatever comes together, each writer's frames arrive once,
    // whole and in order, and only one thread writes at a time (DirectSink checks that).
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Any_interleaving_keeps_every_frame_once_and_in_order(int seed)
    {
        const int Rounds = 400;
        var chance = new Random(seed);
        var sink = new DirectSink(chance);
        var connection = new Connection(sink, 1, new OutboxLimits(int.MaxValue, int.MaxValue), TimeProvider.System, held: false);
        sink.Connection = connection;
        _hub.Add(connection);
        _hub.Join(Some.Room, connection);
        var sizes = Enumerable.Range(0, Rounds).Select(_ => chance.Next(1, 5)).ToArray();

        var rounds = Task.Run(() =>
        {
            var rev = 0;
            foreach (var size in sizes)
                _hub.Send([.. Enumerable.Range(0, size).Select(_ => Some.Frame($"r{++rev};", Some.Room, rev))]);
            return rev;
        }, TestContext.Current.CancellationToken);
        var singles = Task.Run(() =>
        {
            for (var i = 1; i <= Rounds; i++)
            {
                if (i % 2 == 0) connection.Enqueue(Some.Frame($"s{i};"));
                else connection.EnqueueUnflushed(Some.Frame($"s{i};"));
                if (i % 3 == 0) connection.Flush();
            }
            connection.Flush();
            return Rounds;
        }, TestContext.Current.CancellationToken);
        var (said, alone) = (await rounds, await singles);

        await UntilAsync(() => connection.Waiting == (0, 0) && Numbers(sink, 'r').Count + Numbers(sink, 's').Count >= said + alone);
        Assert.Equal(Enumerable.Range(1, said), Numbers(sink, 'r'));
        Assert.Equal(Enumerable.Range(1, alone), Numbers(sink, 's'));
    }

    static List<int> Numbers(DirectSink sink, char kind) =>
        [.. System.Text.RegularExpressions.Regex.Matches(sink.Taken, $@"{kind}(\d+);").Select(it => int.Parse(it.Groups[1].Value))];

    // Without the first byte of each header, which is no letter.
    static string Text(string wire) => wire.Replace("\uFFFD", "", StringComparison.Ordinal);

    static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (!holds()) await Task.Delay(1, patience.Token);
    }
}
