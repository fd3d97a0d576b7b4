using System.Collections.Concurrent;
using System.Diagnostics;

namespace Olha.Proof;

/// <summary>Everything that is said in a strain: each post has a number, which is in its cid, so that whoever hears it knows when it was
/// asked for and whether it is the one that follows.</summary>
internal sealed class Talk
{
    const int Chunk = 1 << 16;

    readonly Lock _gate = new();
    readonly ConcurrentQueue<string> _findings = new();
    readonly string _padding;
    readonly Dictionary<int, long> _resumedAt = [];
    long[][] _asked = [];
    int _since;
    int _posts;
    long _said;
    int _found;

    /// <param name="bodyBytes">How long a body is.</param>
    public Talk(int bodyBytes) => _padding = new string('x', bodyBytes);

    /// <summary>From the first time that it was asked for until a measured client heard it. Replaced from phase to phase.</summary>
    public Latencies Heard { get; set; } = new();

    /// <summary>From the first time that it was asked for until a measured client had its acknowledgement.</summary>
    public Latencies Acknowledged { get; set; } = new();

    /// <summary>From the end of a connection until its client is back and has what it missed.</summary>
    public Latencies Resumed { get; set; } = new();

    public int Posts => Volatile.Read(ref _posts);

    /// <summary>Bytes of frames about messages that one client who hears them all has heard.</summary>
    public long Said => Volatile.Read(ref _said);

    /// <summary>At most a hundred: a promise that breaks once breaks often.</summary>
    public IReadOnlyList<string> Findings => [.. _findings];

    public void Find(string sentence)
    {
        if (Interlocked.Increment(ref _found) <= 100) _findings.Enqueue(sentence);
    }

    public static string Cid(int post) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"p{post}");

    /// <summary>The number in a cid; -1: it is none of ours.</summary>
    public static int PostOf(ReadOnlySpan<byte> cid) =>
        cid is [(byte)'p', .. var digits] && System.Buffers.Text.Utf8Parser.TryParse(digits, out int post, out var read) && read == digits.Length ? post : -1;

    /// <summary>A new post.</summary>
    public (int Post, string Body) Next()
    {
        lock (_gate)
        {
            if (_posts % Chunk == 0) _asked = [.. _asked, new long[Chunk]];
            _asked[^1][_posts % Chunk] = Stopwatch.GetTimestamp();
            return (_posts++, _padding);
        }
    }

    /// <param name="post">Which.</param>
    /// <param name="node">Where it was acknowledged.</param>
    public void HearAck(int post, int node)
    {
        Acknowledged.Since(AskedAt(post));
        lock (_gate)
            if (post >= _since) _resumedAt.TryAdd(node, Stopwatch.GetTimestamp());
    }

    /// <summary>From now on it counts which node has acknowledged something that was asked for after this.</summary>
    public void Watch()
    {
        lock (_gate)
        {
            _resumedAt.Clear();
            _since = _posts;
        }
    }

    /// <summary>When the last of so many nodes acknowledged something that was asked for after <see cref="Watch"/>, a <see cref="Stopwatch"/>'s;
    /// null: not all have yet.</summary>
    public long? AllAcknowledgedAt(int nodes)
    {
        lock (_gate) return _resumedAt.Count < nodes ? null : _resumedAt.Values.Max();
    }

    public void HearMessage(int post) => Heard.Since(AskedAt(post));

    public void Count(int bytes) => Interlocked.Add(ref _said, bytes);

    /// <summary>Posts so many a second until it is cancelled.</summary>
    /// <param name="perSecond">How many.</param>
    /// <param name="say">Says one; called by one thread at a time.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task PaceAsync(double perSecond, Action say, CancellationToken ct)
    {
        var (began, done) = (Stopwatch.GetTimestamp(), 0L);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                for (var due = (long)(Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond); done < due; done++) say();
        }
        catch (OperationCanceledException) { }
    }

    long AskedAt(int post)
    {
        var chunk = post / Chunk;
        var asked = Volatile.Read(ref _asked);
        return post >= 0 && chunk < asked.Length ? asked[chunk][post % Chunk] : Stopwatch.GetTimestamp();
    }
}
