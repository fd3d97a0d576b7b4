using System.Security.Cryptography;
using Olha.Protocol;

namespace Olha.Server.Watch;

/// <summary>The other nodes as this one hears them. Who was silent for too long is gone.</summary>
/// <remarks>
/// How far away another node is nobody's time of day can tell. Each beat carries its sender's own clock, everybody says back what they last
/// heard and for how long they held it, and what is left of the difference is the way there and back.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed class NodeBoard(TimeProvider clock)
{
    /// <summary>Six beats.</summary>
    public static readonly TimeSpan Expiry = NodeTelling.Interval * 6;

    /// <summary>More than anybody has.</summary>
    const int MostNodes = 1000;

    readonly Lock _gate = new();
    readonly Dictionary<string, Other> _others = [];
    int _toldFrom;

    sealed class Other(NodeState state)
    {
        public NodeState State = state;
        public long Stamp;
        public long HeardAt;
        public double? RoundTripMs;
        public readonly Dictionary<string, (NodeLink Link, long At)> Links = [];
    }

    /// <summary>This node's id: another one each time that it starts.</summary>
    public string Self { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Nodes that are heard, and this one.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return _others.Count + 1;
            }
        }
    }

    /// <summary>Another node has told something.</summary>
    /// <returns>Whether it is new here.</returns>
    public bool Hear(NodeBeat beat)
    {
        var now = clock.GetTimestamp();
        lock (_gate)
        {
            if (beat.From == Self) return false;
            if (beat.State is not { } state)
            {
                _others.Remove(beat.From);
                return false;
            }
            var isNew = !_others.TryGetValue(beat.From, out var other);
            if (isNew)
            {
                Forget();
                if (_others.Count == MostNodes) return false;
                _others[beat.From] = other = new Other(state);
            }
            (other!.State, other.Stamp, other.HeardAt) = (state, beat.Stamp, now);
            foreach (var echo in beat.Heard)
            {
                if (echo.To == Self) other.RoundTripMs = Way(echo, now) ?? other.RoundTripMs;
                other.Links[echo.To] = (new NodeLink(echo.To, echo.HeldMs, echo.RoundTripMs), now);
            }
            // Of few it tells all with each beat.
            foreach (var (to, (_, at)) in other.Links)
                if (beat.Heard.Count < NodeBeat.MostHeard ? at != now : clock.GetElapsedTime(at, now) > Expiry) other.Links.Remove(to);
            return isNew;
        }
    }

    /// <summary>What this node tells next.</summary>
    /// <param name="state">How it is; null: it ends.</param>
    public NodeBeat Beat(NodeState? state)
    {
        lock (_gate)
        {
            Forget();
            var now = clock.GetTimestamp();
            // Where they are too many for one beat they take turns.
            var from = _others.Count > NodeBeat.MostHeard ? _toldFrom % _others.Count : 0;
            _toldFrom = from + NodeBeat.MostHeard;
            return new NodeBeat(Self, now, state,
            [
                .. _others.Skip(from).Concat(_others.Take(from)).Take(NodeBeat.MostHeard)
                    .Select(it => new NodeEcho(it.Key, it.Value.Stamp, Ms(it.Value.HeardAt, now), it.Value.RoundTripMs)),
            ]);
        }
    }

    /// <summary>All that are known, by name.</summary>
    /// <param name="own">How this node is.</param>
    public NodeList With(NodeState own)
    {
        lock (_gate)
        {
            Forget();
            var now = clock.GetTimestamp();
            var nodes = new List<NodeSeen>(_others.Count + 1)
            {
                new(own, null, [.. _others.Select(it => new NodeLink(it.Key, Ms(it.Value.HeardAt, now), it.Value.RoundTripMs))]),
            };
            nodes.AddRange(_others.Values.Select(it => new NodeSeen(it.State, Ms(it.HeardAt, now),
                [.. it.Links.Values.Select(static it => it.Link).Where(it => it.To == Self || _others.ContainsKey(it.To))])));
            nodes.Sort(static (a, b) => (a.State.Name, a.State.Id).CompareTo((b.State.Name, b.State.Id)));
            return new NodeList(Self, (int)NodeTelling.Interval.TotalMilliseconds, nodes);
        }
    }

    double? Way(NodeEcho echo, long now)
    {
        if (echo.Stamp <= 0 || echo.Stamp > now) return null;
        return Rounded(Math.Max(0, Ms(echo.Stamp, now) - echo.HeldMs));
    }

    void Forget()
    {
        foreach (var (id, other) in _others)
            if (clock.GetElapsedTime(other.HeardAt) > Expiry) _others.Remove(id);
    }

    double Ms(long from, long to) => Rounded(clock.GetElapsedTime(from, to).TotalMilliseconds);

    /// <summary>To the microsecond.</summary>
    public static double Rounded(double ms) => Math.Round(ms, 3);
}
