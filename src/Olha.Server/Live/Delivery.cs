using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>Receives signals and delivers each stream's changes in the order of their revisions: what is next is sent, what
/// was sent is dropped, and a gap is read from the database once for all who listen.</summary>
/// <remarks>
/// Hot path: Take runs once a change, not once a delivery. Commits on PostgreSQL end in any order, and a hint from another
/// node can be lost; here is where both are put right.
/// Lock: tier 0 (docs/locks.md): the hub's and the outboxes' locks are taken inside it.
/// </remarks>
internal sealed partial class Delivery(Hub hub, MissedChanges missed, TimeProvider clock, ILogger<Delivery> log)
{
    /// <summary>How long a predecessor that is still on its way gets before the database is asked.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(30);
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    readonly Lock _gate = new();
    readonly Dictionary<TopicId, Stream> _streams = [];
    readonly ConcurrentDictionary<TopicId, Tap> _taps = new();
    readonly List<Frame> _round = []; // frames of one stream that go out together; empty between calls

    /// <summary>Hears frames of one topic that go out together, in order. On the delivering thread, under its lock: must be quick,
    /// must not throw.</summary>
    public delegate void Tap(ReadOnlySpan<Frame> round);

    sealed class Stream
    {
        public long Last = -1;
        /// <summary>The database is known to have come so far.</summary>
        public long Head;
        public bool Filling;
        public readonly SortedDictionary<long, Frame> Waiting = [];
        /// <summary>Who waits until all up to a revision was delivered; null: nobody.</summary>
        public List<(long Rev, TaskCompletionSource Reached)>? Expecting;

        public bool IsBehind => Waiting.Count > 0 || Last < Head;
    }

    /// <summary>Begins to hear what is delivered on a topic.</summary>
    public void Listen(TopicId topic, long head, Tap hear)
    {
        lock (_gate)
        {
            _taps[topic] = hear;
            StreamOf(topic).Last = head;
        }
    }

    /// <summary>Heads of streams were read from the database after somebody began to listen: order is kept from there on.</summary>
    /// <returns>Completes when all up to there was delivered, so that nothing of it comes after; null: it was.</returns>
    public Task? Know(IEnumerable<KeyValuePair<TopicId, long>> heads)
    {
        List<Task>? reached = null;
        lock (_gate)
        {
            foreach (var (topic, head) in heads)
            {
                var stream = StreamOf(topic);
                if (stream.Last < 0) stream.Last = head;
                if (stream.Last >= head) continue;
                var expected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                (stream.Expecting ??= []).Add((head, expected));
                (reached ??= []).Add(expected.Task);
                stream.Head = Math.Max(stream.Head, head);
                Fill(topic, stream);
            }
        }
        return reached is null ? null : Task.WhenAll(reached);
    }

    /// <summary>The streams that somebody on this node listens to, and up to where each was delivered; below 0: that is not known.</summary>
    public List<(TopicId Topic, long Last)> Served()
    {
        lock (_gate)
            return [.. hub.Topics.Concat(_taps.Keys).Where(missed.HasStream).Distinct().Select(it => (it, StreamOf(it).Last))];
    }

    /// <summary>The database has come so far in streams that are served here: what is missing is read, once for all who listen.</summary>
    public void Compare(IEnumerable<(TopicId Topic, long Head)> heads)
    {
        lock (_gate)
        {
            foreach (var (topic, head) in heads)
            {
                if (!IsServed(topic)) continue;
                var stream = StreamOf(topic);
                if (stream.Last < 0)
                {
                    // Where its listeners stand only they know: the next ping tells them.
                    stream.Last = head;
                    hub.Moved(topic, head);
                }
                if (stream.Last >= head) continue;
                stream.Head = Math.Max(stream.Head, head);
                Fill(topic, stream);
            }
        }
    }

    /// <summary>Whether anybody on this node hears a topic.</summary>
    public bool IsServed(TopicId topic) => hub.Has(topic) || _taps.ContainsKey(topic);

    public void Take(Signal signal)
    {
        lock (_gate)
        {
            switch (signal)
            {
                case Signal.Say { Frame.Rev: 0 } say: hub.Send(say.Frame); break;
                case Signal.Say say: TakeChanges(say.Frame.Topic, [say.Frame]); break;
                case Signal.SayAll all: TakeChanges(all.Frames[0].Topic, all.Frames); break;
                case Signal.Follow follow: hub.Follow(follow.Who, follow.What); break;
                case Signal.Unfollow unfollow: hub.Unfollow(unfollow.Who, unfollow.What); break;
                case Signal.Cut cut: Cut(cut); break;
            }
        }
    }

    void TakeChanges(TopicId topic, IReadOnlyList<Frame> frames)
    {
        if (!IsServed(topic))
        {
            // Nobody here listens: whoever comes next begins with the head they read.
            _streams.Remove(topic);
            return;
        }
        var stream = StreamOf(topic);
        if (stream.Last < 0) stream.Last = frames[0].Rev - 1;
        foreach (var frame in frames) TakeChange(stream, frame);
        SendRound();
        Reached(stream);
        if (stream.Waiting.Count > 0) Fill(topic, stream);
    }

    void Fill(TopicId topic, Stream stream)
    {
        if (stream.Filling) return;
        stream.Filling = true;
        _ = FillAsync(topic, stream);
    }

    void TakeChange(Stream stream, Frame frame)
    {
        if (frame.Rev <= stream.Last) return;
        if (frame.Rev > stream.Last + 1)
        {
            stream.Waiting[frame.Rev] = frame;
            return;
        }
        Next(stream, frame);
        TakeWhatIsNext(stream);
    }

    void TakeWhatIsNext(Stream stream)
    {
        while (stream.Waiting.Count > 0 && stream.Waiting.First() is var (rev, frame) && rev <= stream.Last + 1)
        {
            stream.Waiting.Remove(rev);
            if (rev > stream.Last) Next(stream, frame);
        }
    }

    void Next(Stream stream, Frame frame)
    {
        stream.Last = frame.Rev;
        // Made on this node it was announced with its own Follow or Unfollow.
        if (frame.Origin is null && frame.Topic == Topics.Person(frame.Topic.Id))
            Attend(frame.Topic, JsonSerializer.Deserialize(frame.Payload.Span, ProtocolJson.Wire.Change));
        _round.Add(frame);
    }

    // What a person is in follows from their own stream, also where the signal that says so was lost.
    void Attend(TopicId person, Change? change)
    {
        if (change is not PlaceChange { Place: var place }) return;
        if (place.Joined) hub.Follow(person, Topics.Room(place.RoomId));
        else hub.Unfollow(person, Topics.Room(place.RoomId));
    }

    static void Reached(Stream stream)
    {
        if (stream.Expecting is not { } expecting) return;
        foreach (var (rev, reached) in expecting)
            if (rev <= stream.Last) reached.SetResult();
        expecting.RemoveAll(it => it.Rev <= stream.Last);
        if (expecting.Count == 0) stream.Expecting = null;
    }

    async Task FillAsync(TopicId topic, Stream stream)
    {
        var wait = s_patience;
        while (true)
        {
            await Task.Delay(wait, clock).ConfigureAwait(false);
            long after;
            lock (_gate)
            {
                // Who has left meanwhile needs nothing any more.
                if (!stream.IsBehind || !IsServed(topic))
                {
                    stream.Filling = false;
                    return;
                }
                after = stream.Last;
            }
            try
            {
                var range = await missed.AfterAsync(topic, after, CancellationToken.None).ConfigureAwait(false);
                lock (_gate) Splice(topic, stream, range);
                wait = TimeSpan.Zero;
            }
            catch (Exception cause)
            {
                GapUnread(cause, topic.Space, topic.Id, after);
                wait = s_pause;
            }
        }
    }

    void Splice(TopicId topic, Stream stream, ChangeRange range)
    {
        foreach (var change in range.Changes)
        {
            if (change.Rev <= stream.Last) continue;
            if (topic == Topics.Person(topic.Id)) Attend(topic, change);
            Next(stream, FrameEncoder.Encode(topic, change));
        }
        // What the range skips was superseded by what stands in it.
        stream.Last = Math.Max(stream.Last, range.Complete);
        TakeWhatIsNext(stream);
        SendRound();
        Reached(stream);
    }

    void SendRound()
    {
        if (_round.Count == 0) return;
        var round = CollectionsMarshal.AsSpan(_round);
        hub.Send(round);
        if (_taps.TryGetValue(round[0].Topic, out var hear)) hear(round);
        _round.Clear();
    }

    void Cut(Signal.Cut cut)
    {
        foreach (var connection in hub.ListenersOf(cut.Who))
            if (cut.Tag == 0 || connection.Tag == cut.Tag)
                connection.Close((CloseCode)cut.Code, retry: null);
    }

    Stream StreamOf(TopicId topic)
    {
        if (!_streams.TryGetValue(topic, out var stream)) _streams[topic] = stream = new Stream();
        return stream;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not read a gap of stream {Space}/{Id} after {Rev}; trying again")]
    partial void GapUnread(Exception cause, byte space, long id, long rev);
}
