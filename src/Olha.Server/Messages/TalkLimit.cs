using System.Collections.Concurrent;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Configuration;
using Olha.Server.Live;

namespace Olha.Server.Messages;

/// <summary>How fast one person may talk, whatever the door and the node: a token bucket a user.</summary>
/// <remarks>What somebody said at other nodes before it was heard of here is owed, and paid before they say more: over time nobody says more
/// than one bucket gives.</remarks>
internal sealed class TalkLimit
{
    const int SweepAt = 10_000;
    static readonly TimeSpan s_sweepAgain = TimeSpan.FromSeconds(1);

    readonly ServerOptions _options;
    readonly CurrentSettings _settings;
    readonly SharedLimits _shared;
    readonly TimeProvider _clock;
    readonly ConcurrentDictionary<long, Bucket> _buckets = new();
    long _sweptAt;

    sealed class Bucket
    {
        public double Tokens;
        public long At;
    }

    public TalkLimit(ServerOptions options, CurrentSettings settings, SharedLimits shared, TimeProvider clock)
    {
        (_options, _settings, _shared, _clock) = (options, settings, shared, clock);
        shared.Listen(Limit.Talk, (_, userId, count) => Hear(userId, count));
    }

    /// <summary>Takes one message from what the person may still say; null: they may.</summary>
    public Refusal? Take(long userId)
    {
        var perSecond = PerSecond;
        if (perSecond <= 0 || _options.MessageBurst <= 0) return null;

        var bucket = BucketOf(userId);
        lock (bucket)
        {
            Fill(bucket);
            if (bucket.Tokens < 1)
                return Refusal.TooFast with { RetryAfter = TimeSpan.FromSeconds((1 - bucket.Tokens) / perSecond) };
            bucket.Tokens--;
        }
        _shared.Spend(Limit.Talk, userId);
        return null;
    }

    void Hear(long userId, int count)
    {
        if (!_settings.AreKnown || PerSecond <= 0 || _options.MessageBurst <= 0) return;
        var bucket = BucketOf(userId);
        lock (bucket)
        {
            Fill(bucket);
            bucket.Tokens -= count;
        }
    }

    Bucket BucketOf(long userId)
    {
        if (_buckets.Count > SweepAt) Sweep();
        return _buckets.GetOrAdd(userId, static (_, it) => new Bucket { Tokens = it.MessageBurst, At = it.Now },
            (_options.MessageBurst, Now: _clock.GetTimestamp()));
    }

    double PerSecond => _settings.Now.MessagesPerMinute / 60.0;

    void Fill(Bucket bucket)
    {
        bucket.Tokens = TokensOf(bucket);
        bucket.At = _clock.GetTimestamp();
    }

    double TokensOf(Bucket bucket) =>
        Math.Min(_options.MessageBurst, bucket.Tokens + _clock.GetElapsedTime(bucket.At).TotalSeconds * PerSecond);

    // Who has been quiet long enough to have their whole burst again need not be remembered. Where more than that talk at a time, looking
    // through them with every message would cost more than they do.
    void Sweep()
    {
        var (now, before) = (_clock.GetTimestamp(), Interlocked.Read(ref _sweptAt));
        if ((before != 0 && _clock.GetElapsedTime(before, now) < s_sweepAgain) || Interlocked.CompareExchange(ref _sweptAt, now, before) != before) return;
        foreach (var (userId, bucket) in _buckets)
            lock (bucket)
                if (TokensOf(bucket) >= _options.MessageBurst) _buckets.TryRemove(userId, out _);
    }
}
