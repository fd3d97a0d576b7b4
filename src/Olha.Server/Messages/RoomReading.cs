using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>A member reads a room: may they, and what is there, in one snapshot.</summary>
internal sealed class RoomReading(Database db, StandingStore standings, PlaceStore places, RoomHistory history, MessageStore messages)
{
    public ValueTask<Outcome<MessagePage>> PageAsync(Caller caller, long roomId, PageQuery query, CancellationToken ct) =>
        ReadAsync<MessagePage>(caller, roomId, async (session, room, read) => await history.PageAsync(session, room, query, read), ct);

    /// <summary>What was missed after a revision, and the unread state that goes with it.</summary>
    public ValueTask<Outcome<RoomChanges>> ChangesAsync(Caller caller, long roomId, long after, int limit, CancellationToken ct) =>
        ReadAsync<RoomChanges>(caller, roomId, async (session, room, read) =>
        {
            var range = await history.ChangesAsync(session, room, after, limit);
            return new RoomChanges(roomId, range.Complete, room.LastRev, range.Changes, read);
        }, ct);

    public ValueTask<Outcome<Message>> OneAsync(Caller caller, long roomId, long seq, CancellationToken ct) =>
        ReadAsync<Message>(caller, roomId, async (session, room, _) =>
            await messages.FindAsync(session, room.Id, seq) is { } message ? message : Refusal.NotFound, ct);

    ValueTask<Outcome<T>> ReadAsync<T>(
        Caller caller, long roomId, Func<Session, RoomRow, ReadState, ValueTask<Outcome<T>>> read, CancellationToken ct) =>
        db.ReadAsync<Outcome<T>>(async session =>
        {
            var standing = await standings.StandingOf(session, caller.UserId, roomId);
            if (standing.WhyNotRead() is { } refusal) return refusal;
            var state = await places.ReadStateAsync(session, caller.UserId, roomId);
            return await read(session, standing.Room!, state!);
        }, ct);
}
