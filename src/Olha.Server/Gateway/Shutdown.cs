using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>Tells every socket to come back when the server is about to stop, and spreads their return.</summary>
internal sealed class Shutdown(Hub hub, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>The more sockets, the longer the time over which they come back: about two thousand a second.</summary>
    const double ReturnsPerSecond = 2000;

    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _open;

    /// <summary>Whether no new socket is served any more.</summary>
    public bool Started { get; private set; }

    /// <summary>When one of many is to come back.</summary>
    public TimeSpan RetryDelay() =>
        TimeSpan.FromSeconds(0.5 + Random.Shared.NextDouble() * Math.Max(1, hub.ConnectionCount / ReturnsPerSecond));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(Begin);
        return Task.CompletedTask;
    }

    /// <summary>Counts a socket in.</summary>
    public void Enter() => Interlocked.Increment(ref _open);

    /// <summary>Counts a socket out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0 && Started) _empty.TrySetResult();
    }

    /// <summary>Waits for the goodbyes.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _open) > 0) await _empty.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void Begin()
    {
        Started = true;
        foreach (var connection in hub.Connections) connection.Close(CloseCode.Restart, RetryDelay());
    }
}
