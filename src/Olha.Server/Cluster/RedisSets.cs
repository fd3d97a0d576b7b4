using StackExchange.Redis;

namespace Olha.Server.Cluster;

/// <summary>Sets whose members expire by Redis's clock, kept by many nodes; what this node keeps is remembered here as well.</summary>
/// <remarks>
/// A set is a sorted set of <c>member|node</c>, scored by the ms since 1970 at which it expires. Whatever changes its members changes a
/// version beside it (since when Redis knows the set, and when it last changed), so that a node which asks once a second is mostly answered
/// with that alone. What this node keeps waits for its next question and goes out with it, in one round trip.
/// Without Redis, the others' members stay for a minute, this node's own as they are. Redis may have forgotten them: after each connection,
/// and when an answer shows it, what this node keeps is told again. The others do so within a second: until then nobody is taken for gone.
/// </remarks>
internal sealed class RedisSets(string prefix, string node, TimeProvider clock)
{
    /// <summary>How long the others' members stay while Redis is away.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    /// <summary>How long the others have to tell again what Redis forgot.</summary>
    static readonly TimeSpan s_told = TimeSpan.FromSeconds(3);

    /// <summary>Members told with one call: Redis does nothing else meanwhile.</summary>
    const int MostTogether = 1000;

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
            local moment = time[1] .. '.' .. time[2]
            version = (version and string.match(version, '^[^|]+') or moment) .. '|' .. moment
            redis.call('SET', KEYS[2], version)
        end
        redis.call('PEXPIRE', KEYS[2], 120000)
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
        public string Since = "";
        public HashSet<long> Others = [];
        public DateTimeOffset AskedAt;
        public DateTimeOffset ForgottenAt;
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
            foreach (var it in _sets.Values) TellAgain(it, [], now);
        }
    }

    /// <summary>Tells what this node keeps and asks what others keep.</summary>
    /// <exception cref="RedisException">Redis does not answer; what was to be told waits for the next time.</exception>
    public async Task ExchangeAsync(IDatabase redis, string set)
    {
        while (await ExchangeSomeAsync(redis, set)) { }
    }

    async Task<bool> ExchangeSomeAsync(IDatabase redis, string set)
    {
        Dictionary<long, TimeSpan> untold;
        string version;
        bool more;
        lock (_gate)
        {
            var it = SetOf(set);
            (untold, it.Untold, version) = (it.Untold, [], it.Version);
            if (more = untold.Count > MostTogether)
            {
                it.Untold = new(untold.Skip(MostTogether));
                untold = new(untold.Take(MostTogether));
            }
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
            return Take(set, answer!) || more;
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

    // Whether there is something to tell at once.
    bool Take(string set, RedisResult[] answer)
    {
        lock (_gate)
        {
            var it = SetOf(set);
            it.AskedAt = clock.GetUtcNow();
            it.Version = (string)answer[0]!;
            if (answer.Length < 2) return false;
            var since = it.Version.Split('|')[0];
            var isForgotten = it.Since.Length > 0 && it.Since != since;
            it.Since = since;
            var (own, others) = (new HashSet<long>(), new HashSet<long>());
            foreach (var kept in (string[])answer[1]!)
            {
                var bar = kept.IndexOf('|', StringComparison.Ordinal);
                if (bar > 0 && long.TryParse(kept.AsSpan(0, bar), out var member))
                    (kept.AsSpan(bar + 1).SequenceEqual(node) ? own : others).Add(member);
            }
            if (isForgotten || it.Own.Any(kept => kept.Value > it.AskedAt && !own.Contains(kept.Key) && !it.Untold.ContainsKey(kept.Key)))
                TellAgain(it, own, it.AskedAt);
            // Asked again with the next call, for as long as others may be missing.
            if (it.AskedAt - it.ForgottenAt < s_told) it.Version = "";
            else it.Others = [];
            it.Others.UnionWith(others);
            return isForgotten;
        }
    }

    // Redis may not have what others keep either.
    static void TellAgain(OneSet it, HashSet<long> isThere, DateTimeOffset now)
    {
        foreach (var (member, until) in it.Own)
            if (until > now && !isThere.Contains(member)) it.Untold.TryAdd(member, until - now);
        (it.Version, it.ForgottenAt) = ("", now);
    }

    OneSet SetOf(string set)
    {
        if (!_sets.TryGetValue(set, out var it)) _sets[set] = it = new OneSet();
        return it;
    }
}
