using System.Collections.Concurrent;

namespace Olha.Fanout;

/// <summary>Who listens to what on this node. Knows topics and bytes, never what they mean.</summary>
/// <remarks>Lock: tier 1 (docs/locks.md), for joining and leaving only. Sending takes none.</remarks>
public sealed class Hub
{
    readonly Lock _gate = new();
    readonly ConcurrentDictionary<TopicId, Topic> _topics = new();
    readonly ConcurrentDictionary<Connection, byte> _connections = new();
    long _beat = 1;
    long _taken;
    long _deliveries;

    public int ConnectionCount => _connections.Count;

    /// <summary>Connections that were ever taken in.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Frames said on topics, each counted once a listener it was for.</summary>
    public long Deliveries => Volatile.Read(ref _deliveries);

    /// <summary>Everybody, without a snapshot: who comes or goes meanwhile may be in it or not.</summary>
    public IEnumerable<Connection> Connections => _connections.Select(static it => it.Key);

    /// <summary>Takes in a connection that listens to nothing yet.</summary>
    public void Add(Connection connection)
    {
        if (_connections.TryAdd(connection, 0)) Interlocked.Increment(ref _taken);
    }

    /// <summary>What waits to be written in all outboxes together. Asks each: for whoever watches, not for the hot path.</summary>
    public (long Frames, long Bytes) Waiting()
    {
        var (frames, bytes) = (0L, 0L);
        foreach (var connection in Connections)
        {
            var waiting = connection.Waiting;
            frames += waiting.Frames;
            bytes += waiting.Bytes;
        }
        return (frames, bytes);
    }

    /// <summary>Forgets a connection and all that it listened to.</summary>
    public void Remove(Connection connection)
    {
        _connections.TryRemove(connection, out _);
        lock (_gate)
        {
            foreach (var id in connection.Topics) LeaveTopic(id, connection);
            connection.Topics.Clear();
        }
    }

    /// <summary>A connection begins to listen. Twice is once; a connection that was removed joins nothing.</summary>
    public void Join(TopicId id, Connection connection)
    {
        lock (_gate)
        {
            if (!_connections.ContainsKey(connection) || !connection.Topics.Add(id)) return;
            _topics.GetOrAdd(id, static _ => new Topic()).Join(connection);
        }
    }

    /// <summary>A connection stops listening.</summary>
    public void Leave(TopicId id, Connection connection)
    {
        lock (_gate)
            if (connection.Topics.Remove(id)) LeaveTopic(id, connection);
    }

    /// <summary>Ends a connection's hold: of the frames that it was sent meanwhile, those follow that are
    /// <paramref name="wanted"/> and of a topic that it listens to now. Nothing is lost of what it joins at the same time.</summary>
    public void Release(Connection connection, Func<Frame, bool> wanted)
    {
        lock (_gate)
            connection.ReleaseUnflushed(frame => (frame.Topic == default || connection.Topics.Contains(frame.Topic)) && wanted(frame));
        connection.Flush();
    }

    /// <summary>Everybody who listens to <paramref name="who"/> begins to listen to <paramref name="what"/>.</summary>
    public void Follow(TopicId who, TopicId what)
    {
        foreach (var connection in ListenersOf(who)) Join(what, connection);
    }

    /// <summary>Everybody who listens to <paramref name="who"/> stops listening to <paramref name="what"/>.</summary>
    public void Unfollow(TopicId who, TopicId what)
    {
        foreach (var connection in ListenersOf(who)) Leave(what, connection);
    }

    /// <summary>Sends a frame to everyone who listens; answers how many did.</summary>
    public int Send(Frame frame) => Send([frame]);

    /// <summary>Sends frames of one topic, in this order and together, to everyone who listens; answers how many did.</summary>
    public int Send(ReadOnlySpan<Frame> round)
    {
        if (!_topics.TryGetValue(round[0].Topic, out var topic)) return 0;
        if (round[^1].Rev > topic.Head)
        {
            topic.Head = round[^1].Rev;
            topic.MovedAt = Volatile.Read(ref _beat);
        }
        var listeners = topic.Send(round);
        Interlocked.Add(ref _deliveries, (long)listeners * round.Length); // once a round, not once a listener
        return listeners;
    }

    /// <summary>Whether anybody listens.</summary>
    public bool Has(TopicId id) => _topics.TryGetValue(id, out var topic) && topic.Count > 0;

    /// <summary>Whether a connection listens to a topic.</summary>
    public bool Listens(TopicId id, Connection connection)
    {
        lock (_gate) return connection.Topics.Contains(id);
    }

    public int CountOf(TopicId id) => _topics.TryGetValue(id, out var topic) ? topic.Count : 0;

    /// <summary>Everyone who listens now: a snapshot.</summary>
    public ReadOnlySpan<Connection> ListenersOf(TopicId id) => _topics.TryGetValue(id, out var topic) ? topic.Listeners : [];

    /// <summary>Counts the heartbeats, so that <see cref="MovedSince"/> can tell what moved since an earlier one.</summary>
    public long NextBeat() => Interlocked.Increment(ref _beat);

    /// <summary>The heads of a connection's topics that moved in or after a beat.</summary>
    public List<(TopicId Topic, long Head)> MovedSince(long beat, Connection connection)
    {
        var moved = new List<(TopicId, long)>();
        lock (_gate)
        {
            foreach (var id in connection.Topics)
                if (_topics.TryGetValue(id, out var topic) && topic.Head > 0 && topic.MovedAt >= beat)
                    moved.Add((id, topic.Head));
        }
        return moved;
    }

    void LeaveTopic(TopicId id, Connection connection)
    {
        if (!_topics.TryGetValue(id, out var topic)) return;
        topic.Leave(connection);
        if (topic.Count == 0) _topics.TryRemove(id, out _);
    }
}
