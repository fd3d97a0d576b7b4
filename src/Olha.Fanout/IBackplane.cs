namespace Olha.Fanout;

/// <summary>What one node tells all, itself included. A hint: the database is the truth.</summary>
public abstract record Signal
{
    /// <summary>A frame for everyone who listens to its topic.</summary>
    public sealed record Say(Frame Frame) : Signal;

    /// <summary>Several frames of one topic, in the order of their revisions.</summary>
    public sealed record SayAll(IReadOnlyList<Frame> Frames) : Signal;

    /// <summary>Everybody who listens to one topic begins to listen to another. For the node that says it: the others take it from the change
    /// of the first one's stream that has this revision, and who was told a later one already ignores it; 0: there is none.</summary>
    public sealed record Follow(TopicId Who, TopicId What, long Rev = 0) : Signal;

    /// <summary>Everybody who listens to one topic stops listening to another; otherwise as <see cref="Follow"/>.</summary>
    public sealed record Unfollow(TopicId Who, TopicId What, long Rev = 0) : Signal;

    /// <summary>Closes the connections that listen to a topic and carry a tag; tag 0: all of them.</summary>
    public sealed record Cut(TopicId Who, long Tag, int Code) : Signal;

    /// <summary>Streams have come so far, as the database holds them: what is missing of those that are heard is to be read there.</summary>
    public sealed record Heads(IReadOnlyList<(TopicId Topic, long Head)> Streams) : Signal;

    /// <summary>What was used up of limits on one node, in this order, which the others count as well. Not received by the node itself;
    /// <paramref name="Node"/> is set for who receives it.</summary>
    public sealed record Spent(IReadOnlyList<Spending> Spendings, long Node = 0) : Signal;

    /// <summary>What a node says of itself, as bytes that whoever listens understands. Not received by the node itself.</summary>
    public sealed record Told(ReadOnlyMemory<byte> Bytes) : Signal;

    /// <summary>Whether only the other nodes receive it.</summary>
    public bool IsForOthers => this is Spent or Told;
}

/// <summary>So much of one limit for one who is limited by it.</summary>
public readonly record struct Spending(byte Limit, long Who, int Count);

/// <summary>Whether a node hears the others.</summary>
public enum Hearing
{
    /// <summary>There are no others.</summary>
    Alone,
    /// <summary>What they publish arrives.</summary>
    Live,
    /// <summary>It does not arrive at present: what they change is found by asking the database.</summary>
    Deaf,
}

/// <summary>What a backplane goes over.</summary>
public enum Carrier
{
    /// <summary>Nothing: there are no others.</summary>
    Memory,
    /// <summary>The database that the nodes share.</summary>
    Postgres,
    /// <summary>Redis.</summary>
    Redis,
}

/// <summary>Carries signals between nodes, and sets whose members expire. Local delivery goes through it too, so that one
/// node and many share a path.</summary>
public interface IBackplane : IAsyncDisposable
{
    /// <summary>Whether this node hears the others.</summary>
    Hearing Hearing { get; }

    /// <summary>What it goes over.</summary>
    Carrier Carrier { get; }

    /// <summary>Raised about once a second or more rarely when something that this node told came back to it over <see cref="Carrier"/>: how
    /// long it took, by this node's clock, which is how long it takes to another node too. Must be quick, must not throw.</summary>
    event Action<TimeSpan>? CameBack;

    /// <summary>Raised after <see cref="Hearing"/> changed: what was published meanwhile is to be asked for. Must not throw.</summary>
    event Action? HearingChanged;

    /// <summary>Begins to receive. What is published on this node is received in the order in which it was published.</summary>
    /// <param name="isWanted">Whether anybody on this node hears a topic: what others say of another one need not be received.</param>
    /// <param name="receive">Called from several threads.</param>
    void Start(Func<TopicId, bool> isWanted, Action<Signal> receive);

    /// <summary>Tells all nodes. Never waits and never throws: a hint that is lost is found by comparing heads.</summary>
    void Publish(Signal signal);

    /// <summary>This node keeps a member in a set until the time is over, or renews it with the new time. What other nodes
    /// keep there stays as it is. Others see it within a second or two.</summary>
    ValueTask KeepAsync(string set, long member, TimeSpan time);

    /// <summary>Adds the members of a set that any node keeps there to a collection; one may be added more than once.</summary>
    ValueTask MembersAsync(string set, ICollection<long> into);
}
