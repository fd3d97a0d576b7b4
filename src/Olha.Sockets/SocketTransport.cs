using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Olha.Sockets;

/// <summary>Listens for the framework's server on Linux. What it adds: a connection's socket can be taken
/// (<see cref="ISocketHandover"/>). On other systems the framework's own transport listens, and nothing can be taken.</summary>
public sealed partial class SocketTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    /// <summary>Where a failure to listen says at which port it was.</summary>
    public const string PortOfFailure = "port";

    readonly ILogger _log;
    readonly Lazy<EventLoop[]> _loops;

    public SocketTransport(ILogger<SocketTransport> log)
    {
        _log = log;
        _loops = new(() => [.. Enumerable.Range(0, LoopCount).Select(i => new EventLoop($"sockets {i}", log))]);
    }

    // Reading is a small part of the work: what follows from it runs elsewhere.
    static int LoopCount => Math.Clamp(Environment.ProcessorCount / 4, 1, 8);

    public bool CanBind(EndPoint endpoint) => OperatingSystem.IsLinux() && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(SocketListener.Backlog);
            socket.Blocking = false;
        }
        catch (SocketException cause)
        {
            socket?.Dispose();
            cause.Data[PortOfFailure] = (endpoint as IPEndPoint)?.Port;
            if (cause.SocketErrorCode != SocketError.AddressAlreadyInUse) throw;
            throw new AddressInUseException(cause.Message, cause);
        }
        return new(new SocketListener(socket, _loops.Value, _log));
    }

    public void Dispose()
    {
        if (!_loops.IsValueCreated) return;
        foreach (var loop in _loops.Value) loop.Dispose();
    }
}
