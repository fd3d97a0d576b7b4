using System.Net;
using System.Net.Sockets;
using Olha.Fanout;
using Olha.Server.Gateway;
using Olha.Sockets;

namespace Olha.Bench;

/// <summary>A TCP connection of this machine: our side as the program has it after the upgrade, and the other.</summary>
internal sealed class Wire : IDisposable
{
    Wire(Socket ours, Socket other, EventLoop loop)
    {
        Other = other;
        ours.NoDelay = true;
        ours.Blocking = false;
        Socket = new DirectSocket(loop, new SocketHandle((int)ours.SafeHandle.DangerousGetHandle()), []);
        ours.SafeHandle.SetHandleAsInvalid(); // it is the other's now
        Connection = new Connection(new PlainSocket(Socket), tag: 1, new OutboxLimits(), TimeProvider.System, held: false);
    }

    public DirectSocket Socket { get; }
    public Connection Connection { get; }
    public Socket Other { get; }

    public static Wire Connect(EventLoop loop)
    {
        using var door = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        door.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        door.Listen();
        var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Connect(door.LocalEndPoint!);
        return new Wire(door.Accept(), other, loop);
    }

    public void Dispose()
    {
        Other.Dispose();
        Socket.Dispose();
    }
}
