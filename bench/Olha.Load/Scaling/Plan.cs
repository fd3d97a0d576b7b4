namespace Olha.Load;

/// <summary>What a cluster for so many needs at its busiest moment.</summary>
internal sealed record Plan
{
    public required double People { get; init; }

    /// <summary>A second.</summary>
    public required double Posts { get; init; }
    public required double Deliveries { get; init; }
    public required double PresenceDeliveries { get; init; }
    public required double Hints { get; init; }

    /// <summary>Nodes, without one to spare; null: no number of them is enough.</summary>
    public required int? Nodes { get; init; }

    /// <summary>What decides their number.</summary>
    public required string DecidedBy { get; init; }

    /// <summary>Of one node, in cores and MB; what it pays for hints that concern nobody there, and for knowing who is where.</summary>
    public required double NodeCores { get; init; }
    public required double DroppedCores { get; init; }
    public required double MembersCores { get; init; }
    public required double NodeMb { get; init; }

    /// <summary>Cores of Redis, all its processes together, by what they are used for.</summary>
    public required double RedisHintCores { get; init; }
    public required double RedisMemberCores { get; init; }
    public required double RedisBytes { get; init; }

    public required double PostgresCores { get; init; }
    public required double Writes { get; init; }
    public required double LogBytes { get; init; }

    /// <summary>Bytes a second to all clients: of what is said, and of who is here.</summary>
    public required double Egress { get; init; }
    public required double PresenceEgress { get; init; }

    public double RedisCores => RedisHintCores + RedisMemberCores;
}
