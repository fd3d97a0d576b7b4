using Olha.Fanout;

namespace Olha.Server.Live;

/// <summary>What can be listened to: one topic a stream, and the original's door.</summary>
internal static class Topics
{
    public static TopicId Room(long roomId) => new(1, roomId);
    public static TopicId Person(long userId) => new(2, userId);
    public static readonly TopicId Server = new(3, 0);
    public static readonly TopicId Original = new(4, 0);
}
