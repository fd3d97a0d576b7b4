using System.Threading.Channels;
using Olha.Fanout;

namespace Olha.Server.Cluster;

/// <summary>What is to be called out next: of each stream only how far it has come, and what is in no stream as it is.</summary>
/// <remarks>
/// Hot path: Add runs once a round on the announcer's thread and sets a number in a table; nothing waits and nothing is kept of the frames.
/// Lock: docs/locks.md. Nothing is called while it is held.
/// </remarks>
internal sealed class Gathered(long node, GossipSets sets)
{
    /// <summary>Streams and signals that may wait each: beyond it, what is lost is found by comparing heads.</summary>
    const int MostStreams = 10_000, MostSaid = 2_000;

    /// <summary>What was used up of limits goes out in pieces that fit.</summary>
    const int MostSpendings = 400;

    readonly Lock _gate = new();
    readonly Channel<bool> _some = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly List<byte[]> _said = [];
    Dictionary<TopicId, long> _heads = [];
    long _dropped;

    /// <summary>What was not told because too much waited or it was too long, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(Signal signal)
    {
        switch (signal)
        {
            case Signal.Say { Frame: { Rev: > 0 } frame }: AddHead(frame); break;
            case Signal.SayAll all: AddHead(all.Frames[^1]); break;
            case Signal.Spent spent:
                foreach (var some in spent.Spendings.Chunk(MostSpendings)) AddSaid(NoticeWire.Write(node, new Signal.Spent(some)));
                break;
            default: AddSaid(NoticeWire.Write(node, signal)); break;
        }
        Wake();
    }

    public void AddHello()
    {
        AddSaid(NoticeWire.WriteHello(node));
        Wake();
    }

    /// <summary>There is something to be told.</summary>
    public void Wake() => _some.Writer.TryWrite(true);

    /// <summary>Completes when there is something to be told.</summary>
    public async Task WaitAsync(CancellationToken ct) => await _some.Reader.ReadAsync(ct);

    /// <summary>All that waits, as notices.</summary>
    public List<byte[]> Take()
    {
        List<byte[]> taken;
        Dictionary<TopicId, long> heads;
        lock (_gate)
        {
            taken = [.. _said];
            _said.Clear();
            (heads, _heads) = (_heads, []);
        }
        taken.AddRange(NoticeWire.Write(node, heads.Select(static it => (it.Key, it.Value))));
        foreach (var (set, members) in sets.TakeUntold()) taken.AddRange(NoticeWire.Write(node, set, members));
        return taken;
    }

    void AddHead(Frame frame)
    {
        lock (_gate)
        {
            if (_heads.Count < MostStreams || _heads.ContainsKey(frame.Topic))
                _heads[frame.Topic] = Math.Max(frame.Rev, _heads.GetValueOrDefault(frame.Topic));
            else Interlocked.Increment(ref _dropped);
        }
    }

    void AddSaid(byte[]? notice)
    {
        lock (_gate)
        {
            if (notice is not null && _said.Count < MostSaid) _said.Add(notice);
            else Interlocked.Increment(ref _dropped);
        }
    }
}
