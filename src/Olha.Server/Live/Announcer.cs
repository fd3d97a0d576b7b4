using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>Announces committed changes, in the order in which it is called.</summary>
internal sealed class Announcer
{
    /// <summary>Everybody who listens to the topic hears the change.</summary>
    public void Announce(TopicId topic, Change change) => throw new NotImplementedException();

    /// <summary>A person's open sockets begin to hear a room. Call before announcing that they joined.</summary>
    public void Admit(long userId, long roomId) => throw new NotImplementedException();

    /// <summary>A person's open sockets stop hearing a room. Call before announcing that they left.</summary>
    public void Dismiss(long userId, long roomId) => throw new NotImplementedException();

    /// <summary>Closes the sockets of one session.</summary>
    public void EndSession(long userId, long sessionId) => throw new NotImplementedException();

    /// <summary>Closes all sockets of a person.</summary>
    public void EndAllSessions(long userId) => throw new NotImplementedException();
}
