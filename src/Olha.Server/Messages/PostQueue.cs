using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Posts that wait to be stored on PostgreSQL. While one batch is on its way the next one gathers, without a timer.</summary>
/// <remarks>
/// Hot path: one Enqueue for each post, one turn of RunAsync for each batch. A room is in one batch at a time: so its posts keep the order
/// in which they came, also when a batch has to be tried again, and no two batches of a node wait for each other's rooms.
/// Lock: held for queue operations only and the last one taken by anybody.
/// </remarks>
internal sealed class PostQueue(StorePosts store) : IAsyncDisposable
{
    /// <summary>Bounds how long the first of a batch waits for the last, and how long its rooms are locked.</summary>
    internal const int MostTogether = 512;

    /// <summary>Batches on their way: while one waits for the disk another one can work.</summary>
    internal const int MostAtOnce = 2;

    /// <summary>Posts that may wait; one more is refused as busy.</summary>
    const int Capacity = 8000;

    readonly Lock _gate = new();
    readonly Dictionary<long, Line> _lines = [];
    readonly Queue<Line> _ready = new();
    readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _waiting;
    int _running;
    bool _closed;

    /// <summary>Posts that were stored since the start.</summary>
    public long Stored => store.Stored;

    /// <summary>A room's posts. It is here as long as it has any, waiting or on their way.</summary>
    sealed class Line(long roomId)
    {
        public long RoomId => roomId;
        public Queue<QueuedPost> Posts { get; } = new();
    }

    /// <exception cref="DatabaseUnavailableException">Too much waits already, or the program is closing.</exception>
    public ValueTask<Outcome<Ack>> PostAsync(QueuedPost post)
    {
        lock (_gate)
        {
            if (_closed) throw new DatabaseUnavailableException("The database is closing.");
            if (_waiting == Capacity) throw new DatabaseUnavailableException("The database is busy: too much is waiting to be written.");
            _waiting++;
            if (!_lines.TryGetValue(post.RoomId, out var line))
            {
                _lines[post.RoomId] = line = new(post.RoomId);
                _ready.Enqueue(line);
            }
            line.Posts.Enqueue(post);
            if (_ready.Count == 0 || _running == MostAtOnce) return post.Awaited;
            _running++;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static it => _ = it.RunAsync(), this, preferLocal: false);
        return post.Awaited;
    }

    /// <summary>Finishes what waits, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_running == 0) _drained.TrySetResult();
        }
        await _drained.Task;
    }

    async Task RunAsync()
    {
        List<Line> lines = [];
        while (Take(lines) is { } posts)
        {
            await store.RunAsync(posts);
            GiveBack(lines);
            Complete(posts);
        }
    }

    List<QueuedPost>? Take(List<Line> lines)
    {
        lock (_gate)
        {
            var posts = new List<QueuedPost>(Math.Min(_waiting, MostTogether));
            while (posts.Count < MostTogether && _ready.TryDequeue(out var line))
            {
                lines.Add(line);
                while (posts.Count < MostTogether && line.Posts.TryDequeue(out var post))
                {
                    _waiting--;
                    if (post.TryBegin()) posts.Add(post);
                }
            }
            if (lines.Count > 0) return posts;
            if (--_running == 0 && _closed) _drained.TrySetResult();
            return null;
        }
    }

    void GiveBack(List<Line> lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
            {
                if (line.Posts.Count > 0) _ready.Enqueue(line);
                else _lines.Remove(line.RoomId);
            }
        }
        lines.Clear();
    }

    // The others' callers go on one after the other, for one visit to the pool: what they do is short, or awaits.
    static void Complete(List<QueuedPost> posts)
    {
        List<QueuedPost>? others = null;
        foreach (var post in posts)
        {
            if (post.IsQuick) post.Complete();
            else (others ??= []).Add(post);
        }
        if (others is null) return;
        ThreadPool.UnsafeQueueUserWorkItem(static it =>
        {
            foreach (var post in it) post.Complete();
        }, others, preferLocal: false);
    }
}
