using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>Somebody makes an open or a closed room, and is in it.</summary>
internal sealed class CreateRoom(
    Database db, AccountStore accounts, PeopleDirectory directory, ServerStore server, RoomStore rooms, PlaceStore places, Comings comings, Announcer live,
    TimeProvider clock)
{
    public async ValueTask<Outcome<Place>> RunAsync(Caller caller, NewRoomBody body, CancellationToken ct)
    {
        if (body.Kind is not (RoomKind.Open or RoomKind.Closed)) return Refusal.InvalidField;
        if (!RoomWords.TryReadName(body.Name, out var name)) return Refusal.InvalidName;
        if (!RoomWords.TryReadTopic(body.Topic, out var topic)) return Refusal.InvalidTopic;
        return await db.WriteAsync(tx => StoreAsync(tx, caller, body.Kind.Value, name, topic), ct);
    }

    async ValueTask<Outcome<Place>> StoreAsync(Transaction tx, Caller caller, RoomKind kind, string name, string? topic)
    {
        await accounts.AdvanceAsync(tx, caller.UserId, 0); // people are locked before the server
        if (Authority.WhyNotMakeRooms(await directory.FindAsync(tx, caller.UserId)) is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }
        if (kind == RoomKind.Open)
        {
            await server.AdvanceAsync(tx, 0); // one open room gets its name at a time
            if (await rooms.IsNameTakenAsync(tx, name, exceptRoomId: null))
            {
                tx.Rollback();
                return Refusal.RoomNameTaken;
            }
        }

        var id = await rooms.AddAsync(tx, kind, name, topic, caller.UserId, clock.GetStoredNow());
        var room = (await rooms.AdvanceAsync(tx, id, Comings.Revs, Comings.Seqs))!;
        tx.AfterCommit(() =>
        {
            live.Admit(caller.UserId, id, rev: 0); // who made it is told so below, by what they come with
            live.Announce(Topics.Room(id), new RoomChange(id, room.Rev, room.ToRoom()));
        });
        await comings.ComeAsync(tx, room, caller.UserId, caller.UserId, SystemEvent.Joined);
        return (await places.FindAsync(tx, caller.UserId, id))!;
    }
}
