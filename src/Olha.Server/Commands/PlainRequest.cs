using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Olha.Server.Commands;

/// <summary>Asks the server on this machine, in the clear: it answers what watches over it so at a TLS port too.</summary>
internal static class PlainRequest
{
    /// <returns>The status line, which is empty when there was none; the rest is not waited for.</returns>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public static Task<string> StatusAsync(IPAddress address, int port, string path, CancellationToken ct) =>
        AskAsync(address, port, path, "", async reader => await reader.ReadLineAsync(ct) ?? "", ct);

    /// <param name="address">Where it can be reached.</param>
    /// <param name="port">There.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="token">What shows that we may know more than anybody; null: nothing does.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The body.</returns>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public static Task<string> BodyAsync(IPAddress address, int port, string path, string? token, CancellationToken ct) =>
        AskAsync(address, port, path, token is null ? "" : $"Authorization: Bearer {token}\r\n", async reader =>
        {
            while (await reader.ReadLineAsync(ct) is { Length: > 0 }) { }
            return await reader.ReadToEndAsync(ct);
        }, ct);

    /// <summary>Where who listens at these addresses can be reached from here.</summary>
    public static IPAddress Reachable(IReadOnlyList<IPAddress> bound) => bound switch
    {
        [] => IPAddress.Loopback,
        [var any, ..] when any.Equals(IPAddress.Any) => IPAddress.Loopback,
        [var any, ..] when any.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback,
        [var first, ..] => first,
    };

    static async Task<string> AskAsync(IPAddress address, int port, string path, string header, Func<StreamReader, Task<string>> read, CancellationToken ct)
    {
        using var client = new TcpClient(address.AddressFamily);
        await client.ConnectAsync(address, port, ct);
        await using var stream = client.GetStream();
        // The version that knows no chunks: the body is all until the end.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: localhost\r\n{header}\r\n"), ct);
        using var reader = new StreamReader(stream);
        return await read(reader);
    }
}
