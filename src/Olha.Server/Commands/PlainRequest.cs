using System.Net;
using System.Net.Sockets;

namespace Olha.Server.Commands;

/// <summary>Asks the server on this machine, in the clear: it answers what watches over it so at a TLS port too.</summary>
internal static class PlainRequest
{
    /// <returns>The status line, which is empty when there was none, and the body.</returns>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public static async Task<(string Status, string Body)> GetAsync(IPAddress address, int port, string path, CancellationToken ct)
    {
        using var client = new TcpClient(address.AddressFamily);
        await client.ConnectAsync(address, port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), ct);
        using var reader = new StreamReader(stream);
        var status = await reader.ReadLineAsync(ct) ?? "";
        while (await reader.ReadLineAsync(ct) is { Length: > 0 }) { }
        return (status, await reader.ReadToEndAsync(ct));
    }

    /// <summary>Where who listens at these addresses can be reached from here.</summary>
    public static IPAddress Reachable(IReadOnlyList<IPAddress> bound) => bound switch
    {
        [] => IPAddress.Loopback,
        [var any, ..] when any.Equals(IPAddress.Any) => IPAddress.Loopback,
        [var any, ..] when any.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback,
        [var first, ..] => first,
    };
}
