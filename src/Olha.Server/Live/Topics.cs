using Olha.Fanout;

namespace Olha.Server.Live;

/// <summary>What can be listened to: one topic a stream, and two that carry no stream.</summary>
internal static class Topics
{
    public static TopicId Room(long roomId) => new(1, roomId);
    public static TopicId Person(long userId) => new(2, userId);
    public static readonly TopicId Server = new(3, 0);

    /// <summary>The sockets at the original's door.</summary>
    public static readonly TopicId Original = new(4, 0);

    /// <summary>All sockets of a person, at both doors: through it they are closed.</summary>
    public static TopicId Sockets(long userId) => new(5, userId);
}
