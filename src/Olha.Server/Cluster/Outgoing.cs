using System.Threading.Channels;
using StackExchange.Redis;

namespace Olha.Server.Cluster;

/// <summary>Hints on their way to Redis. Whoever adds one never waits: what cannot be sent is dropped, and found by comparing heads.</summary>
/// <remarks>
/// Hot path: Add runs once a round on the announcer's thread. One loop sends what has come together and waits until Redis has answered
/// the last of it: while Redis hangs, no more than <see cref="MostBytes"/> wait here and no more than one such batch in the client.
/// </remarks>
internal sealed class Outgoing
{
    /// <summary>The payload bytes that may wait.</summary>
    public const long MostBytes = 8 * 1024 * 1024;

    const int MostTogether = 256;

    readonly Channel<(RedisChannel Channel, byte[] Hint)> _waiting =
        Channel.CreateUnbounded<(RedisChannel, byte[])>(new UnboundedChannelOptions { SingleReader = true });

    long _bytes;
    long _dropped;

    /// <summary>Hints that were not sent, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(RedisChannel channel, byte[] hint)
    {
        if (Interlocked.Add(ref _bytes, hint.Length) <= MostBytes && _waiting.Writer.TryWrite((channel, hint))) return;
        Interlocked.Add(ref _bytes, -hint.Length);
        Interlocked.Increment(ref _dropped);
    }

    /// <summary>Nothing is added any more: what waits is sent, and sending ends.</summary>
    public void Close() => _waiting.Writer.TryComplete();

    /// <summary>Sends until it is closed or cancelled.</summary>
    /// <param name="connected">The connection; null: there is none at present.</param>
    /// <param name="failed">Told why hints could not be sent.</param>
    /// <param name="ct">Ends it.</param>
    public async Task SendAsync(Func<ISubscriber?> connected, Action<Exception> failed, CancellationToken ct)
    {
        var together = new List<(RedisChannel Channel, byte[] Hint)>(MostTogether);
        while (await _waiting.Reader.WaitToReadAsync(ct))
        {
            try
            {
                if (connected() is not { } redis)
                {
                    DropAll();
                    continue;
                }
                Take(together);
                for (var i = 0; i < together.Count - 1; i++)
                    await redis.PublishAsync(together[i].Channel, together[i].Hint, CommandFlags.FireAndForget);
                // They are answered in their order.
                await redis.PublishAsync(together[^1].Channel, together[^1].Hint);
            }
            catch (Exception cause) when (cause is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                // What waited behind them is as old.
                Interlocked.Add(ref _dropped, together.Count);
                DropAll();
                failed(cause);
            }
            together.Clear();
        }
    }

    void Take(List<(RedisChannel Channel, byte[] Hint)> together)
    {
        while (together.Count < MostTogether && _waiting.Reader.TryRead(out var next))
        {
            Interlocked.Add(ref _bytes, -next.Hint.Length);
            together.Add(next);
        }
    }

    void DropAll()
    {
        while (_waiting.Reader.TryRead(out var old))
        {
            Interlocked.Add(ref _bytes, -old.Hint.Length);
            Interlocked.Increment(ref _dropped);
        }
    }
}
