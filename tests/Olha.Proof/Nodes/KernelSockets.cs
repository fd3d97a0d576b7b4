using System.Globalization;
using System.Net;

namespace Olha.Proof;

/// <summary>What the kernel says of a server's sockets.</summary>
internal static class KernelSockets
{
    const string Established = "01";

    /// <summary>The other ends of the connections that a server holds open at a port.</summary>
    public static HashSet<IPEndPoint> OpenAt(int port)
    {
        var open = new HashSet<IPEndPoint>();
        foreach (var line in File.ReadLines("/proc/net/tcp").Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[3] == Established && EndOf(fields[1]).Port == port) open.Add(EndOf(fields[2]));
        }
        return open;
    }

    // 0200007F:1F90: the address in the machine's byte order, then the port.
    static IPEndPoint EndOf(string words) => new(
        uint.Parse(words.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        int.Parse(words.AsSpan(9), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
