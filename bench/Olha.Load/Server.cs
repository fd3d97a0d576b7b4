using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Olha.Load;

/// <summary>Starts what is measured, and knows when it serves.</summary>
internal static class Server
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The published program on a database, as it is shipped but for the limits.</summary>
    /// <param name="database">Its SQLite file.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="cpus">The cores it may run on.</param>
    /// <param name="shared">What it is a node of: PostgreSQL, and Redis if there is one; null: it is alone.</param>
    /// <param name="log">How much it says.</param>
    public static Child StartOlha(string database, int port, string? cpus, (string Postgres, string? Redis)? shared = null, string log = "warning") => Child.Start(cpus, Workbench.Olha, [],
    [
        ("PORT", port.ToString(CultureInfo.InvariantCulture)), ("BIND", "127.0.0.1"), ("DB_NAME", database), ("LOG_LEVEL", log),
        ("LIMIT_MESSAGES_PER_SECOND", "0"), ("LIMIT_MESSAGE_BURST", "0"), ("LIMIT_CONNECTIONS_PER_USER", "0"), ("LIMIT_CONNECTIONS", "0"),
        ("DRAIN_SECONDS", shared is null ? null : "1"), ("DATABASE_URL", shared?.Postgres), ("REDIS_URL", shared?.Redis), ("PUBLIC_URL", null), ("DB_MIGRATIONS_PATH", null), ("LOG_FORMAT", null),
    ], Path.GetDirectoryName(database)!);

    /// <param name="port">Where it listens.</param>
    /// <param name="cpus">The cores it may run on.</param>
    /// <param name="rooms">How many rooms it has.</param>
    /// <param name="fault">What it does wrong on purpose; null: nothing.</param>
    public static Child StartFloor(int port, string? cpus, int rooms, string? fault = null)
    {
        string[] arguments = [port.ToString(CultureInfo.InvariantCulture), rooms.ToString(CultureInfo.InvariantCulture)];
        return Child.Start(cpus, Workbench.Floor, fault is null ? arguments : [.. arguments, fault], [], Workbench.Folder);
    }

    /// <summary>Waits until it takes connections.</summary>
    public static Task ListensAsync(Child server, int port, CancellationToken ct) => UntilAsync(server, () => Answers(port, null), ct);

    /// <summary>Waits until it says that it may take traffic.</summary>
    public static Task IsReadyAsync(Child server, int port, CancellationToken ct) => UntilAsync(server, () => Answers(port, "/ready"), ct);

    static async Task UntilAsync(Child server, Func<bool> holds, CancellationToken ct)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (server.HasEnded) throw new BenchException($"{server.Command}\nended at once:\n{server.Said}");
            if (Stopwatch.GetElapsedTime(begin) > s_patience) throw new BenchException($"{server.Command}\nis not ready after 30 s:\n{server.Said}");
            await Task.Delay(1, ct);
        }
    }

    // A bare socket: to be started costs the client nothing that would be counted as the server's.
    static bool Answers(int port, string? path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 2000 };
            socket.Connect(IPAddress.Loopback, port);
            if (path is null) return true;
            socket.Send(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
            var answer = new byte[64];
            return Encoding.ASCII.GetString(answer, 0, socket.Receive(answer)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
