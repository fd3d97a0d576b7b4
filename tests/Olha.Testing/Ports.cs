using System.Net;
using System.Net.Sockets;

namespace Olha.Testing;

public static class Ports
{
    /// <summary>A port of this machine that nobody listens on.</summary>
    /// <remarks>
    /// From below those that the system gives to outgoing connections: one of these would take it from a server that is slow to start, or, knocking
    /// there meanwhile, connect to itself.
    /// </remarks>
    public static int Free()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 32_768));
            try
            {
                probe.Start();
                return ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // somebody listens there
            }
        }
    }
}
