using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Olha.Server.Cluster;
using StackExchange.Redis;

namespace Olha.Load;

/// <summary>How many hints a second Redis carries at most: real senders, and subscribers that read and look at nothing, because the real ones
/// would be the limit on two cores.</summary>
internal static class RedisCeiling
{
    const int Senders = 4;
    const int HintLength = 420; // a message of 64 characters, as the simulation says it
    const int Channels = 17; // as a node listens to

    public static string Name(int nodes) => $"ceiling, {nodes} nodes";

    public static async Task<Figures> RunAsync(int nodes, (int Port, int Process) redis, double seconds, CancellationToken ct)
    {
        var listeners = new List<Socket>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var channels = Enumerable.Range(0, Channels).Select(static it => RedisChannel.Literal($"olha:{{ceiling}}:stream:{it}")).ToArray();
        try
        {
            for (var i = 0; i < nodes; i++) listeners.Add(await ListenAsync(redis.Port, channels, ct));
            var reading = listeners.ConvertAll(it => DrainAsync(it, stop.Token));
            var outgoing = Enumerable.Range(0, Senders).Select(static _ => new Outgoing()).ToList();
            var told = 0L;
            var sending = outgoing.ConvertAll(it => SendAsync(it, redis.Port, channels, () => Interlocked.Increment(ref told), stop.Token));

            await Task.Delay(TimeSpan.FromSeconds(1), ct); // full from here on
            var (begin, from, cpu) = (Stopwatch.GetTimestamp(), await CallsAsync(redis.Port, ct), Consumption.CpuOf(redis.Process));
            await Task.Delay(TimeSpan.FromSeconds(seconds), ct);
            var (passed, calls, used) = (Stopwatch.GetElapsedTime(begin).TotalSeconds, await CallsAsync(redis.Port, ct) - from, Consumption.CpuOf(redis.Process) - cpu);
            await stop.CancelAsync();
            await Task.WhenAll(sending);
            foreach (var it in listeners) it.Dispose();
            await Task.WhenAll(reading);
            return new Figures(new Dictionary<string, double>
            {
                ["nodes"] = nodes, ["hints_per_s"] = calls / passed, ["hints_per_core_s"] = calls / used, ["redis_cores"] = used / passed, ["redis_us_per_hint"] = used * 1e6 / calls,
            });
        }
        finally
        {
            foreach (var it in listeners) it.Dispose();
        }
    }

    static async Task<Socket> ListenAsync(int port, RedisChannel[] channels, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port, ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"SUBSCRIBE {string.Join(' ', channels)}\r\n"), ct);
        return socket;
    }

    static async Task DrainAsync(Socket socket, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, ct) > 0) { }
        }
        catch (Exception cause) when (cause is SocketException or OperationCanceledException or ObjectDisposedException) { }
    }

    // The queue of a node, which is never empty.
    static async Task SendAsync(Outgoing outgoing, int port, RedisChannel[] channels, Action failed, CancellationToken ct)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(RedisUrl.Parse(FormattableString.Invariant($"redis://127.0.0.1:{port}")));
        var hint = new byte[HintLength];
        var subscriber = redis.GetSubscriber();
        using var refill = new CancellationTokenSource();
        for (var i = 0; i < 2048; i++) outgoing.Add(channels[i % Channels], hint);
        try
        {
            // It asks for the connection once for each 256 that it takes: as many follow.
            await outgoing.SendAsync(() =>
            {
                for (var i = 0; i < 256; i++) outgoing.Add(channels[i % Channels], hint);
                return subscriber;
            }, _ => failed(), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
    }

    static async Task<double> CallsAsync(int port, CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync("INFO commandstats\r\nQUIT\r\n"u8.ToArray(), ct);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = (await reader.ReadToEndAsync(ct)).Split("\r\n").First(static it => it.StartsWith("cmdstat_publish:calls=", StringComparison.Ordinal));
        return double.Parse(line["cmdstat_publish:calls=".Length..line.IndexOf(',', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
