using System.Text;
using Olha.Fanout;

namespace Olha.Bench;

/// <summary>A topic and those who listen to it, over sockets that take all at once.</summary>
internal sealed class Crowd
{
    public static readonly TopicId Room = new(1, 7);

    long _rev;

    public Crowd(int listeners)
    {
        for (var i = 0; i < listeners; i++) Join(new Connection(Sink, tag: i, new OutboxLimits(), TimeProvider.System, held: false));
    }

    public Hub Hub { get; } = new();

    /// <summary>All listeners' sockets in one: only one thread delivers.</summary>
    public CountingSink Sink { get; } = new();

    public void Join(Connection connection)
    {
        Hub.Add(connection);
        Hub.Join(Room, connection);
    }

    /// <summary>Frames that are next to be said, each with a text of 100 characters: 102 bytes on the wire.</summary>
    public Frame[] NextRound(int frames)
    {
        var round = new Frame[frames];
        for (var i = 0; i < frames; i++) round[i] = Frame.Text(Encoding.UTF8.GetBytes(new string('m', 100)), Room, ++_rev);
        return round;
    }
}
