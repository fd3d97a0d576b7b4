using System.Diagnostics;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Load;

/// <summary>Stands where the database would: each room's last revision, and when and by which node each of the last ones was said.</summary>
internal sealed class Ledger(int rooms)
{
    const int Remembered = 256;
    const int Steps = 50_000; // of 0.1 ms

    static readonly string s_body = new('m', 64);

    readonly long[] _revs = new long[rooms];
    readonly long[] _at = new long[rooms * Remembered];
    readonly int[] _by = new int[rooms * Remembered];
    readonly long[] _lags = new long[Steps + 1];
    long _heard, _gaps;

    /// <summary>Changes that came from another node to one that listens.</summary>
    public long Heard => Interlocked.Read(ref _heard);

    /// <summary>Gaps that were asked for.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>The next revision of a room.</summary>
    /// <param name="room">0 to the count - 1.</param>
    /// <param name="node">Who says it.</param>
    public long Next(int room, int node)
    {
        var rev = Interlocked.Increment(ref _revs[room]);
        var place = room * Remembered + (int)(rev % Remembered);
        (_by[place], _at[place]) = (node, Stopwatch.GetTimestamp());
        return rev;
    }

    /// <summary>A node's listeners hear it now.</summary>
    public void Hear(int room, int node, ReadOnlySpan<Frame> round)
    {
        foreach (var frame in round)
        {
            var place = room * Remembered + (int)(frame.Rev % Remembered);
            if (_by[place] == node) continue;
            Interlocked.Increment(ref _heard);
            var step = (int)(Stopwatch.GetElapsedTime(_at[place]).TotalMilliseconds * 10);
            Interlocked.Increment(ref _lags[Math.Min(step, Steps)]);
        }
    }

    /// <summary>ms within which such a part of what was heard had come.</summary>
    public double LagMs(double part)
    {
        var (all, below) = (_lags.Sum(), 0L);
        for (var step = 0; step <= Steps; step++)
            if ((below += _lags[step]) >= part * all) return step / 10.0;
        return Steps / 10.0;
    }

    /// <summary>What was said in a room at a revision.</summary>
    public MessageChange ChangeOf(int room, long rev)
    {
        var node = _by[room * Remembered + (int)(rev % Remembered)];
        return new MessageChange(room + 1, rev, new Message(
            1_000_000 + rev, room + 1, rev, rev, 1000 + node, $"{node:x8}{room:x8}{rev:x12}", MessageKind.Text, s_body, null, TimeProvider.System.GetUtcNow(), null, null));
    }

    public ValueTask<ChangeRange> AfterAsync(long id, long after, CancellationToken ct)
    {
        Interlocked.Increment(ref _gaps);
        var (room, head) = ((int)id - 1, Interlocked.Read(ref _revs[id - 1]));
        var changes = new List<Change>();
        for (var rev = after + 1; rev <= head; rev++) changes.Add(ChangeOf(room, rev));
        return ValueTask.FromResult(new ChangeRange(changes, Math.Max(after, head)));
    }

    public ValueTask<List<StreamHead>> HeadsAsync(IReadOnlyCollection<long> ids, CancellationToken ct) =>
        ValueTask.FromResult(ids.Select(room => new StreamHead(room, Interlocked.Read(ref _revs[room - 1]))).ToList());
}
