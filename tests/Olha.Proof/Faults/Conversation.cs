using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What all talkers said to a server and what became of it.</summary>
internal sealed class Conversation
{
    readonly Lock _gate = new();
    readonly List<Saying> _said = [];
    readonly List<Refusing> _refusals = [];
    readonly List<(long At, TimeSpan Waited)> _acks = [];
    readonly List<string> _complaints = [];

    public IReadOnlyList<Saying> Everything { get { lock (_gate) return [.. _said]; } }

    public IReadOnlyList<Refusing> Refusals { get { lock (_gate) return [.. _refusals]; } }

    /// <summary>When acknowledgements came, and how long after the try.</summary>
    public IReadOnlyList<(long At, TimeSpan Waited)> Acks { get { lock (_gate) return [.. _acks]; } }

    public int AckCount { get { lock (_gate) return _acks.Count; } }

    /// <summary>Answers that nobody should ever get.</summary>
    public IReadOnlyList<string> Complaints { get { lock (_gate) return [.. _complaints]; } }

    public void Add(Saying said)
    {
        lock (_gate) _said.Add(said);
    }

    public void Acknowledge(Saying said, Ack ack)
    {
        lock (_gate)
        {
            _acks.Add((Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(said.TriedAt)));
            if (said.Ack is { } first && (first.Seq, first.Id) != (ack.Seq, ack.Id))
                _complaints.Add($"{said.Cid} was acknowledged as {first.Seq} and then as {ack.Seq}");
            said.Ack ??= ack;
        }
    }

    public void Refuse(Saying said, Refused refused)
    {
        lock (_gate)
        {
            said.WasRefused = true;
            _refusals.Add(new(refused.Code, refused.Retry, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(said.TriedAt)));
            // What docs/operations.md says of a full disk, a foreign lock and a broken disk; nothing else is done to the server here.
            if (refused.Code != Refusal.Unavailable.Code || !refused.Retry) _complaints.Add($"{said.Cid} was refused as {refused.Code}");
        }
    }

    public void Complain(string about)
    {
        lock (_gate) _complaints.Add(about);
    }

    /// <summary>From a moment on until the next acknowledgement; null: none came yet.</summary>
    public TimeSpan? UntilAck(long moment)
    {
        lock (_gate)
            foreach (var (at, waited) in _acks)
                // Asked after the moment: one that was stored before it says nothing.
                if (at - waited.TotalSeconds * Stopwatch.Frequency > moment) return Stopwatch.GetElapsedTime(moment, at);
        return null;
    }
}
