using System.Collections.Concurrent;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Configuration;

namespace Olha.Server.Messages;

/// <summary>How fast one person may talk, whatever the door: a token bucket a user.</summary>
internal sealed class TalkLimit(ServerOptions options, CurrentSettings settings, TimeProvider clock)
{
    const int SweepAt = 10_000;
    readonly ConcurrentDictionary<long, Bucket> _buckets = new();

    sealed class Bucket
    {
        public double Tokens;
        public long At;
    }

    /// <summary>Takes one message from what the person may still say; null: they may.</summary>
    public Refusal? Take(long userId)
    {
        var perSecond = PerSecond;
        if (perSecond <= 0 || options.MessageBurst <= 0) return null;

        if (_buckets.Count > SweepAt) Sweep();
        var bucket = _buckets.GetOrAdd(userId, static (_, it) => new Bucket { Tokens = it.MessageBurst, At = it.Now },
            (options.MessageBurst, Now: clock.GetTimestamp()));
        lock (bucket)
        {
            bucket.Tokens = TokensOf(bucket);
            bucket.At = clock.GetTimestamp();
            if (bucket.Tokens < 1)
                return Refusal.TooFast with { RetryAfter = TimeSpan.FromSeconds((1 - bucket.Tokens) / perSecond) };
            bucket.Tokens--;
            return null;
        }
    }

    double PerSecond => settings.Now.MessagesPerMinute / 60.0;

    double TokensOf(Bucket bucket) =>
        Math.Min(options.MessageBurst, bucket.Tokens + clock.GetElapsedTime(bucket.At).TotalSeconds * PerSecond);

    // Who has been quiet long enough to have their whole burst again need not be remembered.
    void Sweep()
    {
        foreach (var (userId, bucket) in _buckets)
            lock (bucket)
                if (TokensOf(bucket) >= options.MessageBurst) _buckets.TryRemove(userId, out _);
    }
}
