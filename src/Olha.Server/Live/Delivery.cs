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

    /// <summary>How long somebody who has read a stream waits for what they have read to be delivered to the others.</summary>
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(3);

    /// <summary>Successors that are kept of one stream until their predecessor comes.</summary>
    const int MostWaiting = 1024;

    readonly Lock _gate = new();
    readonly Dictionary<TopicId, Stream> _streams = [];
    readonly ConcurrentDictionary<TopicId, Tap> _taps = new();
    readonly List<Frame> _round = []; // frames of one stream that go out together; empty between calls
    long _gaps;

    /// <summary>Hears frames of one topic that go out together, in order. On the delivering thread, under its lock: must be quick,
    /// must not throw.</summary>
    public delegate void Tap(ReadOnlySpan<Frame> round);

    /// <summary>Gaps that were read from the database, each once for all who listen.</summary>
    public long Gaps => Volatile.Read(ref _gaps);

    sealed class Stream
    {
        public long Last = -1;

        /// <summary>The database is known to have come so far.</summary>
        public long Head;
        public bool Filling;
        public readonly SortedDictionary<long, Frame> Waiting = [];

        /// <summary>Of a room: who was found in it at a revision that is not delivered yet; null: nobody.</summary>
        public Dictionary<TopicId, long>? Admitted;

        /// <summary>Who waits until all up to a revision was delivered; null: nobody.</summary>
        public List<(long Head, TaskCompletionSource Passed)>? Expected;
    }

    /// <summary>Told whose connections are about to be cut, on this node or another: their sessions may have ended. Must be quick, must not
    /// throw; may be told in vain.</summary>
    public Action<TopicId>? Cutting { get; set; }

    /// <summary>Begins to hear what is delivered on a topic.</summary>
    public void Listen(TopicId topic, long head, Tap hear)
    {
        lock (_gate)
        {
            _taps[topic] = hear;
            StreamOf(topic).Last = head;
        }
    }

    /// <summary>A stream's head was read from the database after somebody began to listen: order is kept from there on.</summary>
    public void Know(TopicId topic, long head)
    {
        lock (_gate)
        {
            var stream = StreamOf(topic);
            if (stream.Last >= 0) return;
            stream.Last = head;
            TakeWhatIsNext(stream);
            SendRound();
            if (stream.Last < stream.Head) Fill(topic, stream);
        }
    }

    /// <summary>A person was found in a room at its head: what sent them out before is over, also when it is delivered later.</summary>
    public void Admit(TopicId person, TopicId room, long head)
    {
        lock (_gate) Admit(StreamOf(room), person, head);
    }

    static void Admit(Stream room, TopicId person, long head)
    {
        if (room.Last >= head) return;
        room.Admitted ??= [];
        foreach (var (other, at) in room.Admitted)
            if (at <= room.Last) room.Admitted.Remove(other);
        room.Admitted[person] = Math.Max(head, room.Admitted.GetValueOrDefault(person));
    }

    /// <summary>The streams that somebody on this node listens to, and up to where each was delivered. Those of which nobody has read yet where
    /// they begin are left out; those to which nobody listens any more are forgotten.</summary>
    public List<(TopicId Topic, long Last)> Served()
    {
        lock (_gate)
        {
            foreach (var topic in _streams.Keys)
                if (!IsServed(topic)) _streams.Remove(topic);
            return [.. _streams.Where(static it => it.Value.Last >= 0).Select(static it => (it.Key, it.Value.Last))];
        }
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
                stream.Head = Math.Max(stream.Head, head);
                // Who has yet to read where it begins may read an older state than this.
                if (stream.Last < head) Fill(topic, stream);
            }
        }
    }

    /// <summary>Completes when what was read of these streams has been delivered to those who listen: what is committed can be read before it
    /// is announced. Gives up after a moment, when a hint was lost.</summary>
    public async ValueTask PassedAsync(IReadOnlyDictionary<TopicId, long> heads, CancellationToken ct)
    {
        List<Task>? expected = null;
        lock (_gate)
        {
            foreach (var (topic, head) in heads)
            {
                if (!_streams.TryGetValue(topic, out var stream) || stream.Last >= head) continue;
                var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                (stream.Expected ??= []).Add((head, passed));
                (expected ??= []).Add(passed.Task);
                stream.Head = Math.Max(stream.Head, head);
                Fill(topic, stream);
            }
        }
        if (expected is null) return;
        try
        {
            await Task.WhenAll(expected).WaitAsync(s_longest, clock, ct).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whoever hears it twice drops it.
        }
    }

    /// <summary>Whether anybody on this node hears a topic.</summary>
    public bool IsServed(TopicId topic) => hub.Has(topic) || _taps.ContainsKey(topic);

    /// <summary>The change that a frame tells, made on this node or another; null: it is none that is known here. A newer version's node may
    /// tell such a one: it is passed on as it came.</summary>
    public static Change? ChangeOf(Frame frame)
    {
        if (frame.Origin is Change change) return change;
        try
        {
            return JsonSerializer.Deserialize(frame.Payload.Span, ProtocolJson.Wire.Change);
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    public void Take(Signal signal)
    {
        if (signal is Signal.Cut { Who: var who }) Cutting?.Invoke(who);
        lock (_gate)
        {
            switch (signal)
            {
                case Signal.Say { Frame.Rev: 0 } say: hub.Send(say.Frame); break;
                case Signal.Say say: TakeChanges(say.Frame.Topic, [say.Frame]); break;
                case Signal.SayAll all: TakeChanges(all.Frames[0].Topic, all.Frames); break;
                case Signal.Follow follow when !IsPast(follow.Who, follow.Rev): hub.Follow(follow.Who, follow.What); break;
                case Signal.Unfollow unfollow when !IsPast(unfollow.Who, unfollow.Rev): hub.Unfollow(unfollow.Who, unfollow.What); break;
                case Signal.Heads heads: Compare(heads.Streams); break;
                case Signal.Cut cut: Cut(cut); break;
            }
        }
    }

    // What the stream said since then was seen to: another node may have said that it is over again.
    bool IsPast(TopicId topic, long rev) => rev > 0 && _streams.TryGetValue(topic, out var stream) && stream.Last >= rev;

    void TakeChanges(TopicId topic, IReadOnlyList<Frame> frames)
    {
        if (!IsServed(topic))
        {
            // Nobody here listens: whoever comes next begins with the head they read.
            _streams.Remove(topic);
            return;
        }
        var stream = StreamOf(topic);
        if (stream.Last < 0 && topic == Topics.Person(topic.Id))
        {
            // Who comes is about to read where it begins, and nothing of what they are in may be skipped.
            foreach (var frame in frames) Keep(stream, frame);
            return;
        }
        if (stream.Last < 0) stream.Last = frames[0].Rev - 1;
        foreach (var frame in frames) TakeChange(stream, frame);
        SendRound();
        if (stream.Expected is not null) Settle(stream);
        if (stream.Last < stream.Head) Fill(topic, stream);
    }

    void Fill(TopicId topic, Stream stream)
    {
        if (stream.Last < 0) return; // from where is not known yet
        if (stream.Filling) return;
        stream.Filling = true;
        _ = FillAsync(topic, stream);
    }

    void TakeChange(Stream stream, Frame frame)
    {
        if (frame.Rev <= stream.Last) return;
        if (frame.Rev > stream.Last + 1)
        {
            Keep(stream, frame);
            return;
        }
        Next(stream, frame);
        TakeWhatIsNext(stream);
    }

    // More than that is read with the gap: while the database does not answer, hints must not fill the memory.
    static void Keep(Stream stream, Frame frame)
    {
        if (stream.Waiting.Count < MostWaiting) stream.Waiting[frame.Rev] = frame;
        stream.Head = Math.Max(stream.Head, frame.Rev);
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
        if (frame.Topic == Topics.Person(frame.Topic.Id)) Attend(frame.Topic, ChangeOf(frame) as PlaceChange);
        else if (MemberOf(frame) is { Joined: false } gone) Part(Topics.Person(gone.UserId), stream, frame);
        _round.Add(frame);
    }

    // What a person is in follows from their own stream, in its order, wherever they were taken in or sent out and whatever was lost.
    void Attend(TopicId person, PlaceChange? change)
    {
        if (change is not { Place: var place }) return;
        var room = Topics.Room(place.RoomId);
        if (!place.Joined)
        {
            hub.Unfollow(person, room);
            return;
        }
        hub.Follow(person, room);
        var stream = StreamOf(room);
        Admit(stream, person, place.Head);
        if (stream.Last >= 0) return;
        stream.Last = place.Head;
        if (stream.Last < stream.Head) Fill(room, stream);
    }

    // Nothing of a room is told to who was sent out of it before, even when their own stream, which says so too, is behind this one.
    void Part(TopicId person, Stream room, Frame frame)
    {
        if (room.Admitted is { } admitted && admitted.GetValueOrDefault(person) >= frame.Rev) return;
        SendRound(); // what was said before is theirs
        hub.Unfollow(person, frame.Topic);
    }

    // Of a hint only the first bytes are looked at: most tell messages.
    static Member? MemberOf(Frame frame) =>
        frame.Origin is Change change ? (change as MemberChange)?.Member
        : frame.Payload.Span.StartsWith("{\"type\":\"member\""u8) ? (ChangeOf(frame) as MemberChange)?.Member
        : null;

    async Task FillAsync(TopicId topic, Stream stream)
    {
        var wait = s_patience;
        while (true)
        {
            long after, upTo;
            lock (_gate) upTo = stream.Head;
            await Task.Delay(wait, clock).ConfigureAwait(false);
            wait = s_patience;
            lock (_gate)
            {
                // Who has left needs nothing any more, also when others came after them.
                if (stream.Last >= stream.Head || !IsServed(topic) || _streams.GetValueOrDefault(topic) != stream)
                {
                    stream.Filling = false;
                    return;
                }
                // What was missing has come; what is missing since then gets its own patience.
                if ((after = stream.Last) >= upTo) continue;
            }
            try
            {
                var range = await missed.AfterAsync(topic, after, CancellationToken.None).ConfigureAwait(false);
                lock (_gate)
                {
                    // Those for whom it was read may all have gone, and others come who have read it themselves.
                    if (_streams.GetValueOrDefault(topic) == stream) Splice(topic, stream, range);
                }
                Interlocked.Increment(ref _gaps);
                wait = range.Complete > after ? TimeSpan.Zero : s_pause;
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
            if (change.Rev > stream.Last) Next(stream, FrameEncoder.Encode(topic, change));
        }
        // What the range skips was superseded by what stands in it.
        stream.Last = Math.Max(stream.Last, range.Complete);
        TakeWhatIsNext(stream);
        SendRound();
        if (stream.Expected is not null) Settle(stream);
    }

    static void Settle(Stream stream)
    {
        var last = stream.Last;
        foreach (var (head, passed) in stream.Expected!)
            if (head <= last) passed.TrySetResult();
        stream.Expected.RemoveAll(it => it.Head <= last);
        if (stream.Expected.Count == 0) stream.Expected = null;
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
