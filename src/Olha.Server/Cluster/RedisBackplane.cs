using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Olha.Fanout;
using StackExchange.Redis;

namespace Olha.Server.Cluster;

/// <summary>The backplane of a cluster: hints over Redis, to a fixed number of channels (a stream's is its id modulo their count), and sets
/// that expire by Redis's clock.</summary>
/// <remarks>
/// What this node publishes it receives at once, in the process, and then tells the others; what comes back of its own is dropped unread. A
/// subscription can be dead while its connection looks well, so each node sends itself a probe every second: none for three seconds and
/// it counts as deaf (others' changes are asked for twice a second then, Live/HeadsWatch), none for six and everything is built anew.
/// Correctness never depends on any of this. Names begin with the database's epoch: clusters that share a Redis don't hear each other.
/// Hot path: Publish runs once a round on the announcer's thread, allocates what is sent and never waits for Redis (<see cref="Outgoing"/>).
/// </remarks>
internal sealed partial class RedisBackplane(ConfigurationOptions options, string epoch, TimeProvider clock, ILogger<RedisBackplane> log) : IBackplane
{
    const int StreamChannels = 16;

    /// <summary>Messages of one channel that may wait here for being taken; beyond it they are dropped until fewer wait.</summary>
    const int MostUnread = 10_000;

    static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_deafAfter = TimeSpan.FromSeconds(3);
    static readonly TimeSpan s_anewAfter = TimeSpan.FromSeconds(6);

    /// <summary>What is said last must be sent by then.</summary>
    static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    readonly long _node = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    readonly string _prefix = $"olha:{{{epoch}}}";
    readonly CancellationTokenSource _end = new();
    readonly Lock _gate = new();
    RedisChannel[] _streams = [];
    RedisChannel _control;
    RedisChannel _probe;
    RedisSets _sets = null!;
    Func<TopicId, bool> _isWanted = static _ => true;
    Action<Signal>? _receive;
    ConnectionMultiplexer? _redis;
    readonly Outgoing _outgoing = new();
    Task _telling = Task.CompletedTask;
    Task _running = Task.CompletedTask;
    long _heardAt;
    int _fails;
    int _hearing = (int)Hearing.Deaf;

    public Hearing Hearing => (Hearing)Volatile.Read(ref _hearing);

    public event Action? HearingChanged;

    public Carrier Carrier => Carrier.Redis;

    public event Action<TimeSpan>? CameBack;

    /// <summary>Messages of other nodes that were taken, and those that concerned nobody here.</summary>
    public (long Taken, long Dropped) Counts => (Interlocked.Read(ref _taken), Interlocked.Read(ref _dropped));

    /// <summary>Hints of this node that were not sent, because Redis hung or was away.</summary>
    public long Untold => _outgoing.Dropped;

    long _taken;
    long _dropped;

    /// <summary>What this node is called among the others.</summary>
    public string Name => _node.ToString("x16", CultureInfo.InvariantCulture);

    public void Start(Func<TopicId, bool> isWanted, Action<Signal> receive)
    {
        (_isWanted, _receive) = (isWanted, receive);
        _streams = [.. Enumerable.Range(0, StreamChannels).Select(it => RedisChannel.Literal($"{_prefix}:stream:{it}"))];
        _control = RedisChannel.Literal($"{_prefix}:control");
        _probe = RedisChannel.Literal($"{_prefix}:probe:{Name}");
        _sets = new RedisSets(_prefix, Name, clock);
        (_running, _telling) = (RunAsync(), TellAsync());
    }

    public void Publish(Signal signal)
    {
        if (!signal.IsForOthers) _receive?.Invoke(signal);
        // What somebody is in, other nodes take from that person's stream, whose order is known: these have none.
        if (signal is Signal.Follow or Signal.Unfollow || Connected is null) return;
        _outgoing.Add(ChannelOf(signal), SignalWire.Write(_node, signal));
    }

    public ValueTask KeepAsync(string set, long member, TimeSpan time)
    {
        _sets.Keep(set, member, time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask MembersAsync(string set, ICollection<long> into)
    {
        try
        {
            // While Redis hangs each question would wait for its time-out, and those of this node with it.
            if (Hearing is Hearing.Live && Connected is { } redis) await _sets.ExchangeAsync(redis.GetDatabase(), set);
        }
        catch (Exception cause) when (cause is RedisException or ObjectDisposedException or TimeoutException)
        {
            SetUnread(cause, set);
        }
        _sets.Members(set, into);
    }

    public async ValueTask DisposeAsync()
    {
        // More than once: it is known by its own name and as the backplane. What was said while everything ended: who has gone, say.
        _outgoing.Close();
        await Task.WhenAny(_telling, Task.Delay(s_moment));
        await _end.CancelAsync();
        await Task.WhenAll(_running, _telling);
    }

    ConnectionMultiplexer? Connected => Volatile.Read(ref _redis) is { IsConnected: true } redis ? redis : null;

    RedisChannel ChannelOf(Signal signal) => signal switch
    {
        Signal.Say say => ChannelOf(say.Frame.Topic),
        Signal.SayAll all => ChannelOf(all.Frames[0].Topic),
        _ => _control,
    };

    RedisChannel ChannelOf(TopicId topic) => _streams[(int)((ulong)topic.Id % StreamChannels)];

    async Task TellAsync()
    {
        try
        {
            await _outgoing.SendAsync(() => Connected?.GetSubscriber(), NotTold, _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested) { }
    }

    // Builds the connection, watches over it with probes, and builds it anew when they stay away.
    async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
                await ServeAsync(redis);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested) { }
            catch (Exception cause)
            {
                if (_fails++ == 0) ConnectionFailed(cause.Message);
            }
            finally
            {
                Volatile.Write(ref _redis, null);
                Become(Hearing.Deaf);
            }
            // Not all nodes at the same moment.
            await Task.Delay(TimeSpan.FromMilliseconds(250 + Random.Shared.Next(500)), clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task ServeAsync(ConnectionMultiplexer redis)
    {
        redis.ConnectionFailed += (_, _) => Become(Hearing.Deaf);
        await ListenAsync(redis);
        _fails = 0;
        Volatile.Write(ref _redis, redis);
        var since = clock.GetTimestamp();
        Volatile.Write(ref _heardAt, 0);
        using var timer = new PeriodicTimer(s_beat, clock);
        do
        {
            await ProbeAsync(redis);
            var silent = clock.GetElapsedTime(Math.Max(since, Volatile.Read(ref _heardAt)));
            if (silent > s_deafAfter) Become(Hearing.Deaf);
            if (silent <= s_anewAfter) continue;
            SubscriptionDead(silent.TotalSeconds);
            return;
        }
        while (await timer.WaitForNextTickAsync(_end.Token));
    }

    async Task ListenAsync(ConnectionMultiplexer redis)
    {
        var subscriber = redis.GetSubscriber();
        foreach (var channel in (RedisChannel[])[.. _streams, _control])
        {
            var queue = await subscriber.SubscribeAsync(channel);
            queue.OnMessage(message => Take(queue, message.Message));
        }
        (await subscriber.SubscribeAsync(_probe)).OnMessage(message => ProbeCame((string?)message.Message));
    }

    // One channel's messages come one after the other.
    void Take(ChannelMessageQueue queue, byte[]? message)
    {
        // Who cannot keep up reads what was in them from the database, once, instead of holding them all.
        if (queue.TryGetCount(out var waiting) && waiting > MostUnread)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        if (message is null || SignalWire.SenderOf(message) is not { } sender || sender == _node) return;
        if (SignalWire.TopicOf(message) is { } topic && !_isWanted(topic))
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        if (SignalWire.Read(message) is not { } signal) return;
        Interlocked.Increment(ref _taken);
        _receive?.Invoke(signal);
    }

    async Task ProbeAsync(ConnectionMultiplexer redis)
    {
        try
        {
            await redis.GetSubscriber().PublishAsync(_probe, clock.GetTimestamp(), CommandFlags.FireAndForget);
        }
        catch (RedisException) { } // it will be missed
    }

    void ProbeCame(string? probe)
    {
        var now = clock.GetTimestamp();
        Volatile.Write(ref _heardAt, now);
        Become(Hearing.Live);
        if (long.TryParse(probe, out var at)) CameBack?.Invoke(clock.GetElapsedTime(at, now));
    }

    void Become(Hearing hearing)
    {
        lock (_gate)
        {
            if (Hearing == hearing) return;
            Volatile.Write(ref _hearing, (int)hearing);
            if (hearing is Hearing.Live) _sets.TellAllAgain();
        }
        if (hearing is Hearing.Live) Heard();
        else if (!_end.IsCancellationRequested) Deafened();
        HearingChanged?.Invoke();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This node hears the others over Redis")]
    partial void Heard();

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node does not hear the others over Redis: it asks the database for their changes")]
    partial void Deafened();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing came over the subscription to Redis for {Seconds:0.0} s: it is built anew")]
    partial void SubscriptionDead(double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to Redis could not be built; trying until it can: {Reason}")]
    partial void ConnectionFailed(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A hint could not be told")]
    partial void NotTold(Exception cause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Set {Set} could not be exchanged with Redis")]
    partial void SetUnread(Exception cause, string set);
}
