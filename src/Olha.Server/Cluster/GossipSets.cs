namespace Olha.Server.Cluster;

/// <summary>Who keeps a member, for so many ms; 0: no longer.</summary>
internal readonly record struct Kept(long Member, int Ms);

/// <summary>Sets whose members expire, of which each node tells the others what it keeps.</summary>
/// <remarks>
/// Each node counts down by its own clock from when it heard. What was not heard is told again when it is renewed, and all of it when
/// somebody asks who is there: so a node that has just come knows everybody at once, and one that died is gone when its time is over.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed class GossipSets(TimeProvider clock)
{
    /// <summary>Longer than anybody keeps a member.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    readonly Lock _gate = new();
    readonly Dictionary<string, OneSet> _sets = [];

    sealed class OneSet
    {
        public readonly Dictionary<long, DateTimeOffset> Own = [];
        public readonly HashSet<long> Untold = [];
        public readonly Dictionary<(long Member, long Node), DateTimeOffset> Others = [];
    }

    /// <summary>This node keeps a member, or with no time no longer keeps it.</summary>
    public void Keep(string set, long member, TimeSpan time)
    {
        lock (_gate)
        {
            var it = SetOf(set);
            if (time > TimeSpan.Zero) it.Own[member] = clock.GetUtcNow() + time;
            else it.Own.Remove(member);
            it.Untold.Add(member);
        }
    }

    /// <summary>What this node keeps will be told again.</summary>
    public void TellAllAgain()
    {
        lock (_gate)
            foreach (var it in _sets.Values) it.Untold.UnionWith(it.Own.Keys);
    }

    /// <summary>What is to be told, as from now.</summary>
    public List<(string Set, List<Kept> Members)> TakeUntold()
    {
        var told = new List<(string, List<Kept>)>();
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            foreach (var (set, it) in _sets)
            {
                if (it.Untold.Count == 0) continue;
                told.Add((set, [.. it.Untold.Select(member => new Kept(member, LeftOf(it, member, now)))]));
                it.Untold.Clear();
            }
        }
        return told;
    }

    /// <summary>Another node keeps these, or no longer.</summary>
    public void Hear(long node, string set, IReadOnlyList<Kept> members)
    {
        lock (_gate)
        {
            var it = SetOf(set);
            var now = clock.GetUtcNow();
            foreach (var (member, ms) in members)
            {
                var time = TimeSpan.FromMilliseconds(ms);
                if (time > TimeSpan.Zero) it.Others[(member, node)] = now + (time < s_longest ? time : s_longest);
                else it.Others.Remove((member, node));
            }
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
            foreach (var (kept, until) in it.Others)
            {
                if (until > now) into.Add(kept.Member);
                else it.Others.Remove(kept);
            }
        }
    }

    static int LeftOf(OneSet set, long member, DateTimeOffset now) =>
        set.Own.TryGetValue(member, out var until) && until > now ? (int)Math.Min((until - now).TotalMilliseconds + 1, s_longest.TotalMilliseconds) : 0;

    OneSet SetOf(string set)
    {
        if (!_sets.TryGetValue(set, out var it)) _sets[set] = it = new OneSet();
        return it;
    }
}
