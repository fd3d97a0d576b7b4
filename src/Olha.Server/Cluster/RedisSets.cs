using StackExchange.Redis;

namespace Olha.Server.Cluster;

/// <summary>Sets whose members expire by Redis's clock, kept by many nodes; what this node keeps is remembered here as well.</summary>
/// <remarks>
/// A set is a sorted set of <c>member|node</c>, scored by the ms since 1970 at which it expires. Whatever changes its members changes a
/// version beside it, so that a node which asks once a second is mostly answered with one number. What this node keeps waits for its next
/// question and goes out with it, in one round trip.
/// Without Redis, the others' members stay for as long as they may be kept there, this node's own as they are. When it comes back, empty
/// perhaps, this node's own are told again.
/// </remarks>
internal sealed class RedisSets(string prefix, string node, TimeProvider clock)
{
    /// <summary>Longer than anybody keeps a member.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    // ARGV: the version that is known, then pairs of member and ms, 0: no longer.
    const string Exchange = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local moved = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        for i = 2, #ARGV, 2 do
            local ms = tonumber(ARGV[i + 1])
            if ms > 0 then moved = moved + redis.call('ZADD', KEYS[1], now + ms, ARGV[i])
            else moved = moved + redis.call('ZREM', KEYS[1], ARGV[i]) end
        end
        redis.call('PEXPIRE', KEYS[1], 120000)
        local version = redis.call('GET', KEYS[2])
        if moved > 0 or not version then
            version = time[1] .. '.' .. time[2]
            redis.call('SET', KEYS[2], version, 'EX', 120)
        end
        if version == ARGV[1] then return {version} end
        return {version, redis.call('ZRANGE', KEYS[1], 0, -1)}
        """;

    readonly Lock _gate = new();
    readonly Dictionary<string, OneSet> _sets = [];

    sealed class OneSet
    {
        public readonly Dictionary<long, DateTimeOffset> Own = [];
        public Dictionary<long, TimeSpan> Untold = [];
        public string Version = "";
        public HashSet<long> Others = [];
        public DateTimeOffset AskedAt;
    }

    /// <summary>This node keeps a member, or with no time no longer keeps it.</summary>
    public void Keep(string set, long member, TimeSpan time)
    {
        lock (_gate)
        {
            var it = SetOf(set);
            if (time > TimeSpan.Zero) it.Own[member] = clock.GetUtcNow() + time;
            else it.Own.Remove(member);
            it.Untold[member] = time;
        }
    }

    /// <summary>What this node keeps will be told again: nobody knows what is left in Redis.</summary>
    public void TellAllAgain()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var it in _sets.Values)
            {
                it.Version = "";
                foreach (var (member, until) in it.Own)
                    if (until > now) it.Untold.TryAdd(member, until - now);
            }
        }
    }

    /// <summary>Tells what this node keeps and asks what others keep.</summary>
    /// <exception cref="RedisException">Redis does not answer; what was to be told waits for the next time.</exception>
    public async Task ExchangeAsync(IDatabase redis, string set)
    {
        Dictionary<long, TimeSpan> untold;
        string version;
        lock (_gate)
        {
            var it = SetOf(set);
            (untold, it.Untold, version) = (it.Untold, [], it.Version);
        }
        try
        {
            var told = new RedisValue[1 + untold.Count * 2];
            told[0] = version;
            var at = 1;
            foreach (var (member, time) in untold)
            {
                told[at++] = $"{member}|{node}";
                told[at++] = (long)time.TotalMilliseconds;
            }
            var answer = (RedisResult[]?)await redis.ScriptEvaluateAsync(Exchange, [$"{prefix}:{set}", $"{prefix}:{set}:version"], told);
            Take(set, answer!);
        }
        catch
        {
            lock (_gate)
            {
                var it = SetOf(set);
                foreach (var (member, time) in untold) it.Untold.TryAdd(member, time);
            }
            throw;
        }
    }

    /// <summary>The members of a set, as far as is known.</summary>
    public void Members(string set, ICollection<long> into)
    {
        lock (_gate)
        {
            var it = SetOf(set);
            var now = clock.GetUtcNow();
            foreach (var (member, until) in it.Own)
            {
                if (until > now) into.Add(member);
                else it.Own.Remove(member);
            }
            if (now - it.AskedAt > s_longest) it.Others.Clear();
            foreach (var member in it.Others) into.Add(member);
        }
    }

    void Take(string set, RedisResult[] answer)
    {
        lock (_gate)
        {
            var it = SetOf(set);
            it.AskedAt = clock.GetUtcNow();
            it.Version = (string)answer[0]!;
            if (answer.Length < 2) return;
            it.Others = [];
            foreach (var kept in (string[])answer[1]!)
            {
                var bar = kept.IndexOf('|', StringComparison.Ordinal);
                if (bar > 0 && !kept.AsSpan(bar + 1).SequenceEqual(node) && long.TryParse(kept.AsSpan(0, bar), out var member)) it.Others.Add(member);
            }
        }
    }

    OneSet SetOf(string set)
    {
        if (!_sets.TryGetValue(set, out var it)) _sets[set] = it = new OneSet();
        return it;
    }
}
