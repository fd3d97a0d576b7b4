using System.Buffers.Binary;
using System.Security.Cryptography;
using Olha.Fanout;
using Olha.Storage;
using Olha.Storage.Postgres;

namespace Olha.Server.Cluster;

/// <summary>The backplane of processes that share a PostgreSQL database and no Redis: they call out to each other how far streams have come,
/// and whoever hears it reads what is missing from the database.</summary>
/// <remarks>
/// What this node publishes it receives at once, in the process. The others are told after the commit, outside of its transaction, together
/// and at most twenty times a second; of changes they are told only that there are some, so that a busy room costs a few bytes a call. Its own
/// calls tell a node that it hears. The connection that listens is asked in silence whether it lives; from when it is lost until the node hears
/// itself again it counts as deaf (Live/HeadsWatch). Correctness never depends on any of this.
/// Calls reach all who listen on the database; those of another epoch, of another schema for one, are dropped unread.
/// </remarks>
internal sealed partial class NotifyBackplane : IBackplane
{
    /// <summary>How long what happens is gathered after a call.</summary>
    static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(50);

    /// <summary>What is said last must be heard by then.</summary>
    static readonly TimeSpan s_moment = TimeSpan.FromSeconds(1);

    readonly long _node = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    readonly CancellationTokenSource _end = new();
    readonly CancellationTokenSource _late = new(); // a moment after the end
    readonly PostgresNotices _notices;
    readonly string _prefix;
    readonly TimeProvider _clock;
    readonly ILogger _log;
    readonly GossipSets _sets;
    readonly Gathered _gathered;
    Func<TopicId, bool> _isWanted = static _ => true;
    Action<Signal>? _receive;
    Task _running = Task.CompletedTask;
    long _calledAt; // when the first of those calls was made that have not come back; 0: all have
    long _taken;
    long _dropped;
    int _fails;
    int _hearing = (int)Hearing.Deaf;

    /// <param name="databaseUrl">As <see cref="DatabaseOptions.PostgresUrl"/>.</param>
    /// <param name="epoch">The database's.</param>
    /// <param name="clock">What time it is.</param>
    /// <param name="log">Where it is told whether the others are heard.</param>
    public NotifyBackplane(string databaseUrl, string epoch, TimeProvider clock, ILogger<NotifyBackplane> log)
    {
        (_notices, _prefix, _clock, _log, _sets) = (new PostgresNotices(databaseUrl), $"{epoch}:", clock, log, new GossipSets(clock));
        _gathered = new Gathered(_node, _sets);
    }

    public Hearing Hearing => (Hearing)Volatile.Read(ref _hearing);

    public Carrier Carrier => Carrier.Postgres;

    public event Action<TimeSpan>? CameBack;

    public event Action? HearingChanged;

    /// <summary>Signals of other nodes that were taken, and those that concerned nobody here.</summary>
    public (long Taken, long Dropped) Counts => (Interlocked.Read(ref _taken), Interlocked.Read(ref _dropped));

    public void Start(Func<TopicId, bool> isWanted, Action<Signal> receive)
    {
        (_isWanted, _receive) = (isWanted, receive);
        _running = Task.WhenAll(ListenAsync(), CallAsync());
    }

    public void Publish(Signal signal)
    {
        if (!signal.IsForOthers) _receive?.Invoke(signal);
        // What somebody is in, other nodes take from that person's stream, whose order is known: these have none.
        if (signal is Signal.Follow or Signal.Unfollow) return;
        _gathered.Add(signal);
    }

    public ValueTask KeepAsync(string set, long member, TimeSpan time)
    {
        _sets.Keep(set, member, time);
        _gathered.Wake();
        return ValueTask.CompletedTask;
    }

    public ValueTask MembersAsync(string set, ICollection<long> into)
    {
        _sets.Members(set, into);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        // More than once: it is known by its own name and as the backplane.
        await _end.CancelAsync();
        _late.CancelAfter(s_moment);
        await _running;
        await _notices.DisposeAsync();
    }

    async Task ListenAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _notices.ListenAsync(Hear, SayHello, _end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested) { }
            catch (Exception cause)
            {
                if (_fails++ == 0) NotListening(cause.Message);
            }
            finally
            {
                Become(Hearing.Deaf);
            }
            // Not all nodes at the same moment.
            await Task.Delay(TimeSpan.FromMilliseconds(250 + Random.Shared.Next(500)), _clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Until it is heard: who begins to listen is not known to hear yet, where a pooler stands in between for one.
    void SayHello()
    {
        if (Hearing is not Hearing.Live) _gathered.AddHello();
    }

    async Task CallAsync()
    {
        try
        {
            while (true)
            {
                await _gathered.WaitAsync(_end.Token);
                await CallAsync(_gathered.Take(), _late.Token); // what is on its way already is not cut off by the end
                await Task.Delay(s_gather, _clock, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested) { }

        // What was said while everything ended: who has gone, say.
        try
        {
            await CallAsync(_gathered.Take(), _late.Token);
        }
        catch (OperationCanceledException) { }
    }

    async Task CallAsync(List<byte[]> gathered, CancellationToken ct)
    {
        if (gathered.Count == 0) return;
        Interlocked.CompareExchange(ref _calledAt, _clock.GetTimestamp(), 0);
        var notices = gathered.ConvertAll(it => _prefix + Convert.ToBase64String(it)).ToArray();
        // Twice: a connection may have been lost while nobody used it.
        for (var tries = 1; tries <= 2; tries++)
        {
            try
            {
                await _notices.CallAsync(notices, ct);
                return;
            }
            catch (Exception cause) when (!ct.IsCancellationRequested)
            {
                NotTold(cause);
            }
        }
        Interlocked.Exchange(ref _calledAt, 0);
    }

    void Hear(string notice)
    {
        if (!notice.StartsWith(_prefix, StringComparison.Ordinal)) return;
        var message = new byte[notice.Length];
        if (!Convert.TryFromBase64Chars(notice.AsSpan(_prefix.Length), message, out var length)) return;
        if (NoticeWire.Read(message.AsSpan(0, length)) is not { } heard) return;
        if (heard.Sender == _node) OwnCame();
        else Take(heard);
    }

    // Of calls that were made together the first tells how long they took.
    void OwnCame()
    {
        Become(Hearing.Live);
        if (Interlocked.Exchange(ref _calledAt, 0) is not 0 and var at) CameBack?.Invoke(_clock.GetElapsedTime(at));
    }

    void Take(Notice notice)
    {
        switch (notice)
        {
            case Notice.Heads heads: Take(heads.Streams); break;
            case Notice.Said { Signal: Signal.Say say } when !_isWanted(say.Frame.Topic): Interlocked.Increment(ref _dropped); break;
            case Notice.Said said: Receive(said.Signal); break;
            case Notice.Keeps keeps: _sets.Hear(keeps.Sender, keeps.Set, keeps.Members); break;
            case Notice.Hello: TellAllAgain(); break;
        }
    }

    void Take(IReadOnlyList<(TopicId Topic, long Head)> streams)
    {
        var wanted = streams.Where(it => _isWanted(it.Topic)).ToArray();
        Interlocked.Add(ref _dropped, streams.Count - wanted.Length);
        if (wanted.Length > 0) Receive(new Signal.Heads(wanted));
    }

    void Receive(Signal signal)
    {
        Interlocked.Increment(ref _taken);
        _receive?.Invoke(signal);
    }

    void TellAllAgain()
    {
        _sets.TellAllAgain();
        _gathered.Wake();
    }

    void Become(Hearing hearing)
    {
        if (Interlocked.Exchange(ref _hearing, (int)hearing) == (int)hearing) return;
        if (hearing is Hearing.Live)
        {
            _fails = 0;
            TellAllAgain();
            Heard();
        }
        else
        {
            Interlocked.Exchange(ref _calledAt, 0); // what is under way is lost
            if (!_end.IsCancellationRequested) Deafened();
        }
        HearingChanged?.Invoke();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This node hears others on its database")]
    partial void Heard();

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node does not hear others on its database at present: it asks for their changes")]
    partial void Deafened();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that listens to PostgreSQL was lost or could not be built; trying until it can: {Reason}")]
    partial void NotListening(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Other nodes could not be told")]
    partial void NotTold(Exception cause);
}
