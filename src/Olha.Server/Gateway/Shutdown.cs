using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>Tells every socket to come back when the server is about to stop, and spreads their return.</summary>
internal sealed class Shutdown(Hub hub, IHostApplicationLifetime lifetime) : IHostedService
{
    /// <summary>The more sockets, the longer the time over which they come back: about two thousand a second.</summary>
    const double ReturnsPerSecond = 2000;

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

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before Kestrel waits for its requests to end, of which every socket is one.
    void Begin()
    {
        Started = true;
        foreach (var connection in hub.Connections) connection.Close(CloseCode.Restart, RetryDelay());
    }
}
