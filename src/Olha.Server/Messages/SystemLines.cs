using Olha.Protocol;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>Lines that the house writes into a room: who joined, what it is called now.</summary>
internal sealed class SystemLines(MessageStore messages)
{
    /// <summary>Adds a line at a place that the caller has advanced the room to.</summary>
    public async ValueTask<Message> AddAsync(
        Transaction tx, long roomId, long seq, long rev, long actorId, SystemLine line, DateTimeOffset now)
    {
        var id = await messages.AddLineAsync(tx, roomId, seq, rev, actorId, line, now);
        return new Message(id, roomId, seq, rev, actorId, null, MessageKind.System, null, line, now, null, null);
    }
}
