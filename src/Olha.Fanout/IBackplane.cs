namespace Olha.Fanout;

/// <summary>What one node tells all, itself included. A hint: the database is the truth.</summary>
public abstract record Signal
{
    /// <summary>A frame for everyone who listens to its topic.</summary>
    public sealed record Say(Frame Frame) : Signal;

    /// <summary>Several frames of one topic, in the order of their revisions.</summary>
    public sealed record SayAll(IReadOnlyList<Frame> Frames) : Signal;

    /// <summary>Everybody who listens to one topic begins to listen to another.</summary>
    public sealed record Follow(TopicId Who, TopicId What) : Signal;

    /// <summary>Everybody who listens to one topic stops listening to another.</summary>
    public sealed record Unfollow(TopicId Who, TopicId What) : Signal;

    /// <summary>Closes the connections that listen to a topic and carry a tag; tag 0: all of them.</summary>
    public sealed record Cut(TopicId Who, long Tag, int Code) : Signal;
}

/// <summary>Carries signals between nodes, and sets whose members expire. Local delivery goes through it too, so that one
/// node and many share a path.</summary>
public interface IBackplane : IAsyncDisposable
{
    /// <summary>Begins to receive. What is published on this node is received in the order in which it was published.</summary>
    void Start(Action<Signal> receive);

    /// <summary>Tells all nodes. Never waits and never throws: a hint that is lost is found by comparing heads.</summary>
    void Publish(Signal signal);

    /// <summary>This node keeps a member in a set until the time is over, or renews it with the new time. What other nodes
    /// keep there stays as it is.</summary>
    ValueTask KeepAsync(string set, long member, TimeSpan time);

    /// <summary>Adds the members of a set that any node keeps there to a collection; one may be added more than once.</summary>
    ValueTask MembersAsync(string set, ICollection<long> into);
}
