namespace Olha.Protocol;

/// <summary>What carries word from node to node.</summary>
public enum BackplaneKind
{
    /// <summary>Nothing: there is one node alone.</summary>
    None,
    /// <summary>The PostgreSQL that they share.</summary>
    Postgres,
    /// <summary>Redis.</summary>
    Redis,
}

/// <summary>The nodes of the server, as the one that answers sees them.</summary>
/// <param name="Self">The id of the one that answers.</param>
/// <param name="IntervalMs">Milliseconds after which each tells about itself again. Who was silent for three times as long should be looked at; of
/// one that was silent for six times as long nothing is known any more, and it is gone from the list.</param>
/// <param name="Nodes">The one that answers and all that it hears, by name.</param>
public sealed record NodeList(string Self, int IntervalMs, IReadOnlyList<NodeSeen> Nodes);

/// <summary>A node as another one sees it.</summary>
/// <param name="State">What it last told of itself.</param>
/// <param name="HeardMs">How many milliseconds ago it did, by the clock of the one that answers; null: it is that one.</param>
/// <param name="Links">The nodes that it hears.</param>
public sealed record NodeSeen(NodeState State, double? HeardMs, IReadOnlyList<NodeLink> Links);

/// <summary>What a node tells of itself.</summary>
/// <param name="Id">Another one each time that it starts.</param>
/// <param name="Name">Its machine and port.</param>
/// <param name="Version">The program's.</param>
/// <param name="Address">Where it listens, by its own account; null: it does not yet.</param>
/// <param name="StartedAt">When it was started, by its own clock.</param>
/// <param name="Status">As its <c>/ready</c> says; <c>stopping</c>: it lets its people go.</param>
/// <param name="Reasons">Why it is not simply ready.</param>
/// <param name="People">People who have a socket open there.</param>
/// <param name="Connections">Sockets.</param>
/// <param name="DatabaseMs">Milliseconds in which the database answered the simplest question; null: it did not, or was not asked.</param>
/// <param name="Backplane">How it hears the others.</param>
/// <param name="Waiting">Units of work that wait for the database.</param>
/// <param name="QueueBytes">What waits to be written to sockets.</param>
public sealed record NodeState(
    string Id, string Name, string Version, string? Address, DateTimeOffset StartedAt, ReadyState Status, IReadOnlyList<Condition> Reasons,
    long People, long Connections, double? DatabaseMs, NodeBackplane Backplane, long Waiting, long QueueBytes);

/// <summary>How a node hears the others.</summary>
/// <param name="Kind">Over what.</param>
/// <param name="Live">Whether what they say arrives at once; otherwise it asks the database for it.</param>
/// <param name="RoundTripMs">Milliseconds that something which it told took to come back to it; null: nothing has yet.</param>
public sealed record NodeBackplane(BackplaneKind Kind, bool Live, double? RoundTripMs);

/// <summary>One node hears another.</summary>
/// <param name="To">The other's id.</param>
/// <param name="HeardMs">How many milliseconds it had not heard the other for when it told so.</param>
/// <param name="RoundTripMs">Milliseconds that word took to the other and back, measured by one clock; null: none has come back yet.</param>
public sealed record NodeLink(string To, double HeardMs, double? RoundTripMs);
