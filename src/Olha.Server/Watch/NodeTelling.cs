using Olha.Fanout;
using Olha.Server.Live;

namespace Olha.Server.Watch;

/// <summary>Tells the other nodes how this one is: every two seconds, at once when it begins or ends or somebody new is heard, and a last
/// word when it is over. Alone it tells nobody.</summary>
internal sealed partial class NodeTelling : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    readonly NodeSelf _self;
    readonly NodeBoard _board;
    readonly Hearsay _hearsay;
    readonly IBackplane _backplane;
    readonly IHostApplicationLifetime _life;
    readonly ILogger _log;
    readonly SemaphoreSlim _wake = new(0, 1);

    public NodeTelling(
        NodeSelf self, NodeBoard board, Hearsay hearsay, IBackplane backplane, IHostApplicationLifetime life, ILogger<NodeTelling> log)
    {
        (_self, _board, _hearsay, _backplane, _life, _log) = (self, board, hearsay, backplane, life, log);
        _hearsay.Heard += Hear;
    }

    public override void Dispose()
    {
        _hearsay.Heard -= Hear;
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_backplane.Hearing is Hearing.Alone) return;
        await using var started = _life.ApplicationStarted.Register(Wake);
        await using var stopping = _life.ApplicationStopping.Register(Wake);
        _backplane.HearingChanged += Wake;
        try
        {
            while (true)
            {
                await TellAsync(stoppingToken);
                await _wake.WaitAsync(Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            _backplane.HearingChanged -= Wake;
        }
    }

    /// <summary>After everything else has ended here: the others need not wait for what will not come.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_backplane.Hearing is not Hearing.Alone) _hearsay.Tell(_board.Beat(null).Write());
    }

    async Task TellAsync(CancellationToken ct)
    {
        try
        {
            var state = await _self.LookAsync(ct);
            _hearsay.Tell(_board.Beat(state).Write());
        }
        catch (Exception cause) when (!ct.IsCancellationRequested)
        {
            NotTold(cause); // whatever it was: the next one is due in a moment
        }
    }

    void Hear(ReadOnlyMemory<byte> bytes)
    {
        // Who has just come wants to know who is there.
        if (NodeBeat.Read(bytes.Span) is { } beat && _board.Hear(beat)) Wake();
    }

    void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException) { } // it is about to tell
        catch (ObjectDisposedException) { } // the node ends, and its backplane after this
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The other nodes could not be told how this one is")]
    partial void NotTold(Exception cause);
}
