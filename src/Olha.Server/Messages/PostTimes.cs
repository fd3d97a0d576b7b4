namespace Olha.Server.Messages;

/// <summary>Where the time of posts on PostgreSQL goes, told in the log every few seconds for who looks (<c>LOG_LEVEL=debug</c>).</summary>
internal sealed partial class PostTimes(ILogger<PostTimes> log)
{
    static readonly TimeSpan s_often = TimeSpan.FromSeconds(5);
    static readonly TimeProvider s_clock = TimeProvider.System;

    readonly Lock _gate = new();
    long _since = s_clock.GetTimestamp();
    long _posts, _batches;
    TimeSpan _waited, _read, _decided, _committed, _announced;

    /// <summary>A batch begins; null: nobody looks.</summary>
    public Batch? Begin(IReadOnlyList<QueuedPost> posts) => log.IsEnabled(LogLevel.Debug) ? new(this, posts) : null;

    /// <summary>One batch and its steps, in their order.</summary>
    public sealed class Batch(PostTimes times, IReadOnlyList<QueuedPost> posts)
    {
        readonly long _begun = s_clock.GetTimestamp();
        long _read, _decided, _committed;

        public void Read() => _read = s_clock.GetTimestamp();
        public void Decided() => _decided = s_clock.GetTimestamp();
        public void Committed() => _committed = s_clock.GetTimestamp();

        public void Announced()
        {
            var waited = TimeSpan.Zero;
            foreach (var post in posts) waited += s_clock.GetElapsedTime(post.QueuedAt, _begun);
            lock (times._gate)
            {
                times._posts += posts.Count;
                times._batches++;
                times._waited += waited;
                times._read += s_clock.GetElapsedTime(_begun, _read);
                times._decided += s_clock.GetElapsedTime(_read, _decided);
                times._committed += s_clock.GetElapsedTime(_decided, _committed);
                times._announced += s_clock.GetElapsedTime(_committed);
                if (s_clock.GetElapsedTime(times._since) >= s_often) times.Tell();
            }
        }
    }

    void Tell()
    {
        Told(_posts, _batches, _waited.TotalMilliseconds / _posts, _read.TotalMilliseconds / _batches, _decided.TotalMilliseconds / _batches,
            _committed.TotalMilliseconds / _batches, _announced.TotalMilliseconds / _batches);
        (_since, _posts, _batches) = (s_clock.GetTimestamp(), 0, 0);
        _waited = _read = _decided = _committed = _announced = TimeSpan.Zero;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message =
        "{Posts} posts in {Batches} batches: a post waited {Waited:0.00} ms, a batch read {Read:0.00} ms, decided {Decided:0.00} ms, "
        + "committed {Committed:0.00} ms, announced {Announced:0.00} ms")]
    partial void Told(long posts, long batches, double waited, double read, double decided, double committed, double announced);
}
