namespace Olha.Fanout;

/// <summary>Everyone listening to one thing.</summary>
/// <remarks>
/// Hot path: Send runs for every frame and visits every listener; Join and Leave are rare.
/// Listeners sit in an array that is replaced, never changed, so Send takes no lock and allocates nothing;
/// the price is a copy per Join and Leave, which run under the hub's lock (tier 1, docs/locks.md).
/// </remarks>
sealed class Topic
{
    Connection[] _listeners = [];

    /// <summary>The highest revision said here.</summary>
    public long Head;

    /// <summary>The hub's beat in which <see cref="Head"/> last moved.</summary>
    public long MovedAt;

    public int Count => Volatile.Read(ref _listeners).Length;

    public ReadOnlySpan<Connection> Listeners => Volatile.Read(ref _listeners);

    public int Send(Frame frame)
    {
        var listeners = Volatile.Read(ref _listeners);
        foreach (var listener in listeners)
            listener.Enqueue(frame); // never waits: a full outbox closes its own connection
        return listeners.Length;
    }

    public void Join(Connection connection) => Volatile.Write(ref _listeners, [.. _listeners, connection]);

    public void Leave(Connection connection)
    {
        var at = Array.IndexOf(_listeners, connection);
        if (at >= 0) Volatile.Write(ref _listeners, [.. _listeners.AsSpan(0, at), .. _listeners.AsSpan(at + 1)]);
    }
}
