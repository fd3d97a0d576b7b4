using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A stretch of a stream that was fetched.</summary>
internal sealed record Stretch(long Complete, long Head, IReadOnlyList<Change> Changes, ReadState? Read = null);

/// <summary>One stream as docs/protocol.md says that a client keeps it: drops what it has, applies what is next, fetches what it missed,
/// one fetch at a time. All of it is called under the device's lock.</summary>
/// <param name="held">Complete up to here.</param>
/// <param name="apply">Takes a change; whether it came alone or in a stretch.</param>
/// <param name="fetch">Begins to fetch what is above a revision; ends in <see cref="Splice"/> and <see cref="Fetched"/>.</param>
internal sealed class HeldStream(long held, Action<Change, bool> apply, Action<long> fetch)
{
    readonly Queue<Change> _waiting = [];
    bool _fetching;

    public long Held { get; private set; } = held;

    public bool Fetching => _fetching;

    public void Receive(Change change)
    {
        if (change.Rev <= Held) return;
        if (!_fetching && change.Rev == Held + 1)
        {
            apply(change, true);
            Held = change.Rev;
            return;
        }
        _waiting.Enqueue(change);
        if (!_fetching) Fetch();
    }

    /// <summary>The server's beat, or a look over HTTP, says that the stream has come this far.</summary>
    public void Reach(long head)
    {
        if (head > Held && !_fetching) Fetch();
    }

    /// <summary>Something else is being fetched that will say up to where it is complete: until then changes wait.</summary>
    public void Hold() => _fetching = true;

    /// <summary>A stretch has come, in whichever way.</summary>
    public void Splice(Stretch stretch)
    {
        foreach (var change in stretch.Changes)
            if (change.Rev > Held) apply(change, false);
        Held = Math.Max(Held, stretch.Complete);
        if (!_fetching) Reach(stretch.Head);
    }

    /// <summary>All is replaced by something that is complete up to here.</summary>
    public void Rebase(long held) => Held = held;

    /// <summary>The fetch has ended.</summary>
    /// <param name="head">The stream had come this far.</param>
    public void Fetched(long head)
    {
        _fetching = false;
        if (head > Held)
        {
            Fetch();
            return;
        }
        for (var left = _waiting.Count; left > 0 && !_fetching; left--) Receive(_waiting.Dequeue());
    }

    void Fetch()
    {
        _fetching = true;
        fetch(Held);
    }
}
