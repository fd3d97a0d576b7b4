using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>Tells every socket to come back when the server is about to stop, and spreads their return.</summary>
/// <remarks>A node of a cluster first gives notice: <c>/ready</c> says that it stops while all goes on, so that what stands before the nodes
/// has time to see it, and whoever is sent away finds another node at the first try.</remarks>
internal sealed class Shutdown(Hub hub, ServerOptions options, IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>The more sockets, the longer the time over which they come back: about two thousand a second.</summary>
    const double ReturnsPerSecond = 2000;

    /// <summary>Of the time that a stop may take.</summary>
    const double NoticePart = 0.2;

    readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _goodbyes = Task.CompletedTask;
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

    /// <summary>Before anything else stops, and in particular before this node stops listening.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication(); // whoever stops the host without asking for it
        await _goodbyes.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for the goodbyes.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _open) > 0) await _empty.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    void Begin()
    {
        Started = true;
        _goodbyes = SayGoodbyesAsync();
    }

    async Task SayGoodbyesAsync()
    {
        if (options.DatabaseUrl is not null) await Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds * NoticePart), clock);
        foreach (var connection in hub.Connections) connection.Close(CloseCode.Restart, RetryDelay());
    }
}
