using Olha.Fanout;
using Olha.Storage;

namespace Olha.Server.Live;

/// <summary>Compares what was delivered on this node with what the database holds, and has what is missing read: every two seconds while the
/// other nodes are heard, because a last hint can be lost unnoticed, and twice a second while they are not. A lone node on PostgreSQL looks
/// too: a commit whose answer was lost with its connection is announced by nobody.</summary>
/// <remarks>One query a kind of stream for all that is listened to here, however many listen.</remarks>
internal sealed partial class HeadsWatch(
    Database db, IBackplane backplane, Delivery delivery, MissedChanges missed, TimeProvider clock, ILogger<HeadsWatch> log) : BackgroundService
{
    static readonly TimeSpan s_hearing = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_deaf = TimeSpan.FromMilliseconds(500);

    readonly SemaphoreSlim _wake = new(0, 1);
    bool _isOut;

    /// <summary>How long the last comparison took; null: there was none.</summary>
    public TimeSpan? Took { get; private set; }

    /// <summary>Streams that a comparison found behind, since the start.</summary>
    public long Found { get; private set; }

    /// <summary>Looks now: something may have been missed.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException) { } // it is about to look
        catch (ObjectDisposedException) { } // the node ends, and its backplane after this
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (backplane.Hearing is Hearing.Alone && db.Dialect is Dialect.Sqlite) return;
        backplane.HearingChanged += Wake;
        try
        {
            while (true)
            {
                var pause = backplane.Hearing is Hearing.Deaf ? s_deaf : s_hearing;
                // A database that is slow to answer gets four times as long for everybody else.
                if (Took is { } took && took * 4 > pause) pause = took * 4;
                await _wake.WaitAsync(pause, stoppingToken);
                await CompareAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            backplane.HearingChanged -= Wake;
        }
    }

    async Task CompareAsync(CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var served = delivery.Served();
        if (served.Count == 0) return;
        try
        {
            var heads = await missed.HeadsAsync(served.Select(static it => it.Topic), ct);
            var last = served.ToDictionary(static it => it.Topic, static it => it.Last);
            var behind = heads.Where(it => last[it.Topic] < it.Head).ToList();
            Found += behind.Count;
            delivery.Compare(behind);
            Took = clock.GetElapsedTime(began);
            _isOut = false;
        }
        catch (Exception cause) when (!ct.IsCancellationRequested)
        {
            // Whatever it was: nothing else finds a last hint that was lost.
            if (!_isOut) HeadsUnread(cause.Message); // one line an outage
            _isOut = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How far the streams have come could not be read, and is asked again and again: {Reason}")]
    partial void HeadsUnread(string reason);
}
