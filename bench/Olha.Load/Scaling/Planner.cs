namespace Olha.Load;

/// <summary>Predicts what a cluster needs, from what one thing costs and how often it happens.</summary>
/// <param name="costs">What was measured.</param>
/// <param name="day">What people do.</param>
/// <param name="machines">What they do it on.</param>
/// <param name="isShared">The program as it is: all hints go to all nodes, and everybody is told who is here. Otherwise as it would be with hints only to
/// those nodes that want them, and presence only to those who share a small room.</param>
internal sealed class Planner(Costs costs, Day day, Machines machines, bool isShared = true)
{
    /// <summary>Bytes of Ethernet, IP, TCP with its timestamps and TLS around a small write.</summary>
    const int AroundBytes = 100;

    /// <summary>Bytes of one person in a frame that says who is here.</summary>
    const int PersonBytes = 8;

    /// <summary>Bytes around them.</summary>
    const int FrameBytes = 60;

    /// <summary>Connected people who share a small room with somebody.</summary>
    const int Acquaintances = 50;

    /// <summary>Times a second that a node tells the others what was used up of limits.</summary>
    const int ControlsASecond = 10;

    /// <summary>People at a node who are renewed with one question: a thousand (Cluster/RedisSets), and a fifth of all each second (Presence/PresenceBoard).</summary>
    const int AskedTogether = 5000;

    const int MostNodes = 20_000;

    public Plan For(double people)
    {
        var least = Enumerable.Range(1, MostNodes).FirstOrDefault(nodes => TooMuch(people, nodes) is null);
        if (least == 0) return Of(people, MostNodes) with { Nodes = null, DecidedBy = TooMuch(people, MostNodes)! };
        return Of(people, least) with { Nodes = least, DecidedBy = least == 1 ? "" : TooMuch(people, least - 1)! };
    }

    /// <summary>The part of one Redis that is used.</summary>
    public double RedisUsed(double people) => For(people).RedisCores;

    /// <summary>What so many nodes pay.</summary>
    public Plan Of(double people, int nodes)
    {
        double posts = day.PostsASecond(people), marks = posts * day.MarksAMessage, typing = posts * day.TypingAMessage * day.SmallShare;
        var deliveries = posts * day.HearersAMessage + posts * day.TypingAMessage * day.HearersATyping + marks;
        var moves = day.MovesASecond(people);
        // Told once a second, all that moved together.
        var presence = isShared ? people * Math.Min(1, moves) : Math.Min(moves * Acquaintances, people);
        var hints = posts + marks + typing + (isShared ? 0 : moves);
        var (taken, dropped) = Heard(posts + typing, marks + (isShared ? 0 : moves), nodes);
        var members = isShared && nodes > 1 ? 2 * people * Math.Min(1, moves) * Math.Max(1, people / nodes / AskedTogether) : 0;

        var own = people * costs.NodeConnection + (posts + marks) * costs.NodePost + typing * costs.NodeTaken
            + (deliveries + presence) * costs.NodeDelivery + day.ReturnsASecond(people) * costs.NodeReturn;
        var controls = nodes > 1 ? ControlsASecond * nodes : 0.0;
        var told = nodes == 1 ? 0 : isShared ? hints * costs.FullHint.At(nodes) : hints * costs.FullHint.At(1 + (taken / Math.Max(1, hints)) * nodes);
        var writes = posts + marks;
        return new Plan
        {
            People = people, Posts = posts, Deliveries = deliveries, PresenceDeliveries = presence, Hints = hints, Nodes = nodes, DecidedBy = "",
            NodeCores = (own / nodes + taken * costs.NodeTaken + dropped * costs.NodeDropped + controls * costs.NodeTaken + members * costs.NodeMember) / 1e6,
            DroppedCores = dropped * costs.NodeDropped / 1e6, MembersCores = members * costs.NodeMember / 1e6,
            NodeMb = costs.MbAtRest + people / nodes * costs.KbConnection / 1024,
            RedisHintCores = (people * (nodes > 1 ? costs.RedisConnection : 0) + told + controls * (isShared ? costs.FullHint.At(nodes) : 0)) / 1e6,
            RedisMemberCores = members * nodes * costs.RedisMember / 1e6,
            RedisBytes = hints * costs.BytesHint * (isShared ? nodes : 1 + taken / Math.Max(1, hints) * nodes) + members * nodes * costs.BytesMember,
            PostgresCores = (costs.PostgresRest + people * costs.PostgresConnection + writes * costs.PostgresPerWrite(writes, nodes) + day.ReturnsASecond(people) * costs.PostgresReturn) / 1e6,
            Writes = writes, LogBytes = writes * costs.BytesLog, Egress = deliveries * (costs.BytesDelivery + AroundBytes),
            PresenceEgress = presence * (FrameBytes + AroundBytes) + (isShared ? people * moves * PersonBytes + day.ReturnsASecond(people) * people * PersonBytes : presence * PersonBytes),
        };
    }

    /// <summary>Bytes a second that a silent client is sent of who is here.</summary>
    public double SilentBytes(double people) => isShared ? Math.Min(1, day.MovesASecond(people)) * (FrameBytes + AroundBytes) + day.MovesASecond(people) * PersonBytes : 0;

    // Hints a second at one node that are wanted there, and that are not. What a person alone hears goes to the few nodes that they are at.
    (double Taken, double Dropped) Heard(double toRooms, double toPeople, int nodes)
    {
        if (nodes == 1) return (0, 0);
        var taken = toRooms * (day.NodesAMessage(nodes) - 1) / nodes;
        return (taken, isShared ? (toRooms + toPeople) * (nodes - 1) / nodes - taken : 0);
    }

    // What so many nodes are too few for; null: nothing.
    string? TooMuch(double people, int nodes)
    {
        var plan = Of(people, nodes);
        if (people / nodes > machines.Connections * machines.Used) return "connections";
        if (plan.NodeMb > machines.Gib * 1024 * machines.Used) return "memory";
        if (plan.NodeCores > machines.Cores * machines.Used) return "CPU";
        // Delivery writes to its listeners one after the other: order needs it (docs/locks.md).
        if ((plan.Deliveries + plan.PresenceDeliveries) / nodes * costs.NodeDelivery / 1e6 > machines.Used) return "the thread that delivers";
        return (plan.Egress + plan.PresenceEgress) / nodes * 8 / 1e6 > machines.Mbit * machines.Used ? "network" : null;
    }
}
