using System.Diagnostics;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Live;

/// <summary>Announces committed changes, in the order in which it is called.</summary>
/// <remarks>
/// Hot path: called for every change on the database's writer thread, so a call only queues. One thread of its own encodes each
/// change once and hands it to the backplane, through which it comes back to this node as to every other; it is woken once for
/// all that was committed together.
/// The lock is held for a list operation only and is the last one taken by anybody.
/// </remarks>
internal sealed class Announcer(IBackplane backplane) : IHostedService
{
    const int MostTogether = 256;

    readonly object _gate = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<Frame> _round = [];
    readonly List<Connection> _authors = [];
    List<Announcement> _waiting = [];
    long _since; // when the first of those that wait was committed
    bool _sleeping;
    bool _closed;

    /// <summary>Raised for all that was announced together: how long the first of it took from its commit until it was written to those who
    /// listen on this node, and handed on for the others. On the announcer's thread; must be quick, must not throw.</summary>
    public event Action<TimeSpan>? Passed;

    readonly record struct Announcement(TopicId Topic, Change? Change, Signal? Signal, Connection? Author, Ack? Ack);

    /// <summary>Everybody who listens to the topic hears the change.</summary>
    public void Announce(TopicId topic, Change change) => Add(new(topic, change, null, null, null));

    /// <summary>As <see cref="Announce(TopicId, Change)"/>, and its author's socket gets the acknowledgement, in one write with the
    /// change when it listens.</summary>
    public void Announce(TopicId topic, Change change, Connection author, Ack ack) =>
        Add(new(topic, change, null, author, ack));

    /// <summary>A person's open sockets begin to hear a room. Call before announcing that they joined, with the revision of the person's
    /// stream that says so.</summary>
    public void Admit(long userId, long roomId, long rev) => Tell(new Signal.Follow(Topics.Person(userId), Topics.Room(roomId), rev));

    /// <summary>A person's open sockets stop hearing a room. Call before announcing that they left, with the revision of the person's
    /// stream that says so.</summary>
    public void Dismiss(long userId, long roomId, long rev) => Tell(new Signal.Unfollow(Topics.Person(userId), Topics.Room(roomId), rev));

    /// <summary>Closes the sockets of one session.</summary>
    public void EndSession(long userId, long sessionId) =>
        Tell(new Signal.Cut(Topics.Sockets(userId), sessionId, (int)CloseCode.SessionEnded));

    /// <summary>Closes all sockets of a person.</summary>
    public void EndAllSessions(long userId, CloseCode code) => Tell(new Signal.Cut(Topics.Sockets(userId), 0, (int)code));

    /// <summary>Says something that nobody will ask for again: it has no revision and is dropped first under pressure.</summary>
    public void Mention(TopicId topic, ServerFrame frame) => Tell(new Signal.Say(FrameEncoder.Encode(frame) with { Topic = topic, Ephemeral = true }));

    /// <summary>Nothing more of what was committed follows for now.</summary>
    public void Wake()
    {
        lock (_gate)
            if (_sleeping) Monitor.Pulse(_gate);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Run) { Name = "announcer", IsBackground = true }.Start();
        return Task.CompletedTask;
    }

    /// <summary>Announces what is queued, then ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
        return _ended.Task.WaitAsync(cancellationToken);
    }

    void Run()
    {
        var taken = new List<Announcement>();
        while (Take(ref taken, out var since))
        {
            foreach (var (topic, change, signal, author, ack) in taken)
            {
                if (signal is not null || _round.Count == MostTogether || (_round.Count > 0 && _round[0].Topic != topic)) Publish();
                if (signal is not null) backplane.Publish(signal);
                else _round.Add(FrameEncoder.Encode(topic, change!));
                if (author is null) continue;
                author.EnqueueUnflushed(FrameEncoder.Encode(ack!));
                _authors.Add(author);
            }
            Publish();
            taken.Clear();
            Passed?.Invoke(Stopwatch.GetElapsedTime(since));
        }
        _ended.SetResult();
    }

    // What one commit changed in a room, and what came while it was told, goes out together.
    void Publish()
    {
        if (_round.Count == 1) backplane.Publish(new Signal.Say(_round[0]));
        else if (_round.Count > 1) backplane.Publish(new Signal.SayAll([.. _round]));
        _round.Clear();
        foreach (var author in _authors) author.Flush();
        _authors.Clear();
    }

    void Tell(Signal signal) => Add(new(default, null, signal, null, null));

    void Add(Announcement announcement)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0) _since = Stopwatch.GetTimestamp();
            _waiting.Add(announcement);
            if (_sleeping && !Database.IsAnnouncing) Monitor.Pulse(_gate);
        }
    }

    bool Take(ref List<Announcement> taken, out long since)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                since = 0;
                if (_closed) return false;
                _sleeping = true;
                Monitor.Wait(_gate);
                _sleeping = false;
            }
            (taken, _waiting) = (_waiting, taken);
            since = _since;
            return true;
        }
    }
}
