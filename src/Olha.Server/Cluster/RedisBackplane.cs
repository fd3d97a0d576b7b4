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
/// Hot path: Publish runs once a round on the announcer's thread and allocates what is sent; the bench of one node with Redis on is
/// in bench/results/cluster.md.
/// </remarks>
internal sealed partial class RedisBackplane(ConfigurationOptions options, string epoch, TimeProvider clock, ILogger<RedisBackplane> log) : IBackplane
{
    const int StreamChannels = 16;
    static readonly TimeSpan s_beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_deafAfter = TimeSpan.FromSeconds(3);
    static readonly TimeSpan s_anewAfter = TimeSpan.FromSeconds(6);

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
    Task _running = Task.CompletedTask;
    long _probes;
    long _heardAt;
    int _hearing = (int)Hearing.Deaf;

    public Hearing Hearing => (Hearing)Volatile.Read(ref _hearing);

    public event Action? HearingChanged;

    /// <summary>How long the last probe took; null: none has come back yet.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Messages of other nodes that were taken, and those that concerned nobody here.</summary>
    public (long Taken, long Dropped) Counts => (Interlocked.Read(ref _taken), Interlocked.Read(ref _dropped));

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
        _running = RunAsync();
    }

    public void Publish(Signal signal)
    {
        if (signal is not Signal.Spent) _receive?.Invoke(signal);
        try
        {
            if (Volatile.Read(ref _redis) is not { IsConnected: true } redis) return;
            redis.GetSubscriber().Publish(ChannelOf(signal), SignalWire.Write(_node, signal), CommandFlags.FireAndForget);
        }
        catch (Exception cause) when (cause is RedisException or ObjectDisposedException)
        {
            NotTold(cause);
        }
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
            if (Volatile.Read(ref _redis) is { IsConnected: true } redis) await _sets.ExchangeAsync(redis.GetDatabase(), set);
        }
        catch (Exception cause) when (cause is RedisException or ObjectDisposedException or TimeoutException)
        {
            SetUnread(cause, set);
        }
        _sets.Members(set, into);
    }

    public async ValueTask DisposeAsync()
    {
        // More than once: it is known by its own name and as the backplane.
        await _end.CancelAsync();
        await _running;
    }

    RedisChannel ChannelOf(Signal signal) => signal switch
    {
        Signal.Say say => ChannelOf(say.Frame.Topic),
        Signal.SayAll all => ChannelOf(all.Frames[0].Topic),
        _ => _control,
    };

    RedisChannel ChannelOf(TopicId topic) => _streams[(int)((ulong)topic.Id % StreamChannels)];

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
                ConnectionFailed(cause);
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
        Volatile.Write(ref _redis, redis);
        var since = clock.GetTimestamp();
        Volatile.Write(ref _heardAt, 0);
        using var timer = new PeriodicTimer(s_beat, clock);
        do
        {
            Probe(redis);
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
            (await subscriber.SubscribeAsync(channel)).OnMessage(message => Take(message.Message));
        (await subscriber.SubscribeAsync(_probe)).OnMessage(message => ProbeCame(message.Message));
    }

    // One channel's messages come one after the other.
    void Take(byte[]? message)
    {
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

    void Probe(ConnectionMultiplexer redis)
    {
        try
        {
            redis.GetSubscriber().Publish(_probe, $"{++_probes}:{clock.GetTimestamp()}", CommandFlags.FireAndForget);
        }
        catch (RedisException) { } // it will be missed
    }

    void ProbeCame(string? probe)
    {
        var now = clock.GetTimestamp();
        if (probe?.Split(':') is [_, var sent] && long.TryParse(sent, out var at)) RoundTrip = clock.GetElapsedTime(at, now);
        Volatile.Write(ref _heardAt, now);
        Become(Hearing.Live);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to Redis could not be built; trying again")]
    partial void ConnectionFailed(Exception cause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A hint could not be told")]
    partial void NotTold(Exception cause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Set {Set} could not be exchanged with Redis")]
    partial void SetUnread(Exception cause, string set);
}
