using System.Text.Json;
using System.Threading.Channels;
using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>Announces committed changes, in the order in which it is called.</summary>
/// <remarks>
/// Called on the database's writer thread, so a call only queues. One loop encodes each change once and hands it to the
/// backplane, through which it comes back to this node as to every other.
/// </remarks>
internal sealed class Announcer(IBackplane backplane) : BackgroundService
{
    const int MostTogether = 256;

    readonly Channel<Announcement> _queue = Channel.CreateUnbounded<Announcement>(new() { SingleReader = true });

    readonly record struct Announcement(TopicId Topic, Change? Change, Signal? Signal, Connection? Author, Ack? Ack);

    /// <summary>Everybody who listens to the topic hears the change.</summary>
    public void Announce(TopicId topic, Change change) => _queue.Writer.TryWrite(new(topic, change, null, null, null));

    /// <summary>As <see cref="Announce(TopicId, Change)"/>, and its author's socket gets the acknowledgement, in one write with the
    /// change when it listens.</summary>
    public void Announce(TopicId topic, Change change, Connection author, Ack ack) =>
        _queue.Writer.TryWrite(new(topic, change, null, author, ack));

    /// <summary>A person's open sockets begin to hear a room. Call before announcing that they joined.</summary>
    public void Admit(long userId, long roomId) => Tell(new Signal.Follow(Topics.Person(userId), Topics.Room(roomId)));

    /// <summary>A person's open sockets stop hearing a room. Call before announcing that they left.</summary>
    public void Dismiss(long userId, long roomId) => Tell(new Signal.Unfollow(Topics.Person(userId), Topics.Room(roomId)));

    /// <summary>Closes the sockets of one session.</summary>
    public void EndSession(long userId, long sessionId) =>
        Tell(new Signal.Cut(Topics.Sockets(userId), sessionId, (int)CloseCode.SessionEnded));

    /// <summary>Closes all sockets of a person.</summary>
    public void EndAllSessions(long userId) => Tell(new Signal.Cut(Topics.Sockets(userId), 0, (int)CloseCode.SessionEnded));

    /// <summary>Says something that nobody will ask for again: it has no revision and is dropped first under pressure.</summary>
    public void Mention(TopicId topic, ServerFrame frame) => Tell(new Signal.Say(Encode(frame) with { Topic = topic, Ephemeral = true }));

    /// <summary>A frame for one socket, or for a topic once it is given one.</summary>
    public static Frame Encode(ServerFrame frame) =>
        Frame.Text(JsonSerializer.SerializeToUtf8Bytes(frame, ProtocolJson.Wire.ServerFrame));

    public static Frame Encode(TopicId topic, Change change) =>
        Frame.Text(JsonSerializer.SerializeToUtf8Bytes(change, ProtocolJson.Wire.Change), topic, change.Rev) with { Origin = change };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var round = new List<Frame>();
        var authors = new List<Connection>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_queue.Reader.TryRead(out var next))
            {
                var (topic, change, signal, author, ack) = next;
                if (signal is not null || round.Count == MostTogether || (round.Count > 0 && round[0].Topic != topic)) Publish(round, authors);
                if (signal is not null) backplane.Publish(signal);
                else round.Add(Encode(topic, change!));
                if (author is null) continue;
                author.EnqueueUnflushed(Encode(ack!));
                authors.Add(author);
            }
            Publish(round, authors);
        }
    }

    // What one commit changed in a room, and what came while it was told, goes out together.
    void Publish(List<Frame> round, List<Connection> authors)
    {
        if (round.Count == 1) backplane.Publish(new Signal.Say(round[0]));
        else if (round.Count > 1) backplane.Publish(new Signal.SayAll([.. round]));
        round.Clear();
        foreach (var author in authors) author.Flush();
        authors.Clear();
    }

    /// <summary>Announces what is queued, then ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } loop) await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void Tell(Signal signal) => _queue.Writer.TryWrite(new(default, null, signal, null, null));
}
