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
    readonly Channel<Announcement> _queue = Channel.CreateUnbounded<Announcement>(new() { SingleReader = true });

    readonly record struct Announcement(TopicId Topic, Change? Change, Signal? Signal);

    /// <summary>Everybody who listens to the topic hears the change.</summary>
    public void Announce(TopicId topic, Change change) => _queue.Writer.TryWrite(new(topic, change, null));

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
        Frame.Text(JsonSerializer.SerializeToUtf8Bytes(change, ProtocolJson.Wire.Change), topic, change.Rev);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (topic, change, signal) in _queue.Reader.ReadAllAsync(CancellationToken.None))
            backplane.Publish(signal ?? new Signal.Say(Encode(topic, change!)));
    }

    /// <summary>Announces what is queued, then ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } loop) await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void Tell(Signal signal) => _queue.Writer.TryWrite(new(default, null, signal));
}
