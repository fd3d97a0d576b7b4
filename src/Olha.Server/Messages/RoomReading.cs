using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Messages;

/// <summary>A member reads a room: may they, and what is there, in one snapshot.</summary>
internal sealed class RoomReading(
    Database db, ServerStore server, StandingStore standings, MembershipStore memberships, PlaceStore places, RoomHistory history,
    SharedRanges ranges, MessageStore messages, EditStore edits)
{
    public ValueTask<Outcome<MessagePage>> PageAsync(Caller caller, long roomId, PageQuery query, CancellationToken ct) =>
        ReadAsync<MessagePage>(caller, roomId, async (session, room, read) => await history.PageAsync(session, room, query, read), ct);

    /// <summary>What was missed after a revision, and the unread state that goes with it.</summary>
    public ValueTask<Outcome<RoomChanges>> ChangesAsync(Caller caller, long roomId, long after, int limit, CancellationToken ct) =>
        ReadAsync<RoomChanges>(caller, roomId, async (session, room, read) =>
        {
            var range = limit == RoomHistory.MaxChanges
                ? await ranges.ChangesAsync(session, room, after)
                : await history.ChangesAsync(session, room, after, limit);
            return new RoomChanges(roomId, range.Complete, room.LastRev, range.Changes, read);
        }, ct);

    public ValueTask<Outcome<Message>> OneAsync(Caller caller, long roomId, long seq, CancellationToken ct) =>
        ReadAsync<Message>(caller, roomId, async (session, room, _) =>
            await messages.FindAsync(session, room.Id, seq) is { } message ? message : Refusal.NotFound, ct);

    /// <summary>What a message said before; of a tombstone nothing.</summary>
    public ValueTask<Outcome<FormerBodies>> FormerBodiesAsync(Caller caller, long roomId, long seq, CancellationToken ct) =>
        ReadAsync<FormerBodies>(caller, roomId, async (session, room, _) =>
            await messages.AuthorOfAsync(session, room.Id, seq) is null
                ? Refusal.NotFound
                : new FormerBodies(await edits.ListAsync(session, room.Id, seq)), ct);

    public ValueTask<Outcome<PinnedMessages>> PinnedAsync(Caller caller, long roomId, CancellationToken ct) =>
        ReadAsync<PinnedMessages>(caller, roomId, async (session, room, _) =>
            new PinnedMessages(room.Id, await messages.PinnedAsync(session, room.Id, PinMessage.Most)), ct);

    /// <summary>Who has seen a message, where the server tells.</summary>
    public ValueTask<Outcome<SeenBy>> SeenByAsync(Caller caller, long roomId, long seq, CancellationToken ct) =>
        ReadAsync<SeenBy>(caller, roomId, async (session, room, _) =>
        {
            if (await messages.AuthorOfAsync(session, room.Id, seq) is not { } author) return Refusal.NotFound;
            if (!(await server.FindAsync(session)).Receipts) return Refusal.ReceiptsOff;
            return new SeenBy(await memberships.WhoReadAsync(session, room.Id, seq, author));
        }, ct);

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
