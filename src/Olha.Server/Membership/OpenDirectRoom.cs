using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Live;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Membership;

/// <summary>The direct room of some people: made when there is none, whoever asks first and however many at once.</summary>
internal sealed class OpenDirectRoom(
    Database db, AccountStore accounts, PeopleDirectory directory, RoomStore rooms, MembershipStore memberships, PlaceStore places,
    Announcer live, TimeProvider clock)
{
    const int MostPeople = 20;

    public async ValueTask<Outcome<OpenedRoom>> RunAsync(Caller caller, DirectRoomBody body, CancellationToken ct)
    {
        if (body.UserIds is null || body.UserIds.Count > MostPeople) return Refusal.InvalidPeople;
        long[] people = [.. body.UserIds.Append(caller.UserId).Distinct().Order()];
        if (people.Length > MostPeople) return Refusal.InvalidPeople;

        var key = RoomRow.DirectKeyOf(people);
        return await db.ReadAsync(session => FindAsync(session, caller, key), ct) is { } place
            ? new OpenedRoom(place, Created: false)
            : await db.WriteAsync(tx => StoreAsync(tx, caller, people, key), ct);
    }

    async ValueTask<Outcome<OpenedRoom>> StoreAsync(Transaction tx, Caller caller, long[] people, string key)
    {
        // By id, as everybody does who locks several people. Two who ask at once meet here.
        var personRevs = new long[people.Length];
        for (var i = 0; i < people.Length; i++)
        {
            if (await accounts.AdvanceAsync(tx, people[i], 1) is { } rev) personRevs[i] = rev;
            else
            {
                tx.Rollback();
                return Refusal.InvalidPeople;
            }
        }
        if (await WhyNotAsync(tx, caller.UserId, people) is { } refusal)
        {
            tx.Rollback();
            return refusal;
        }
        var now = clock.GetStoredNow();
        if (await rooms.AddDirectAsync(tx, key, caller.UserId, now) is not { } roomId)
        {
            tx.Rollback();
            return new OpenedRoom((await FindAsync(tx, caller, key))!, Created: false);
        }

        var room = (await rooms.AdvanceAsync(tx, roomId, people.Length, 0))!;
        tx.AfterCommit(() =>
        {
            for (var i = 0; i < people.Length; i++) live.Admit(people[i], roomId, personRevs[i]);
            live.Announce(Topics.Room(roomId), new RoomChange(roomId, room.Rev, room.ToRoom()));
        });
        for (var i = 0; i < people.Length; i++)
            await ComeAsync(tx, room, people[i], room.Rev + 1 + i, personRevs[i], now);
        return new OpenedRoom((await FindAsync(tx, caller, key))!, Created: true);
    }

    // Their people are locked: who meets whom stays true.
    async ValueTask<Refusal?> WhyNotAsync(Transaction tx, long userId, long[] people)
    {
        var me = await directory.FindAsync(tx, userId);
        if (Authority.WhyNotActive(me) is { } refusal) return refusal;
        var meetAll = true;
        foreach (var other in people)
            meetAll = meetAll && (other == userId || await memberships.DoMeetAsync(tx, userId, other));
        return Standing.WhyNotOpenDirect(me!.Role, meetAll);
    }

    async Task ComeAsync(Transaction tx, RoomRow room, long userId, long rev, long personRev, DateTimeOffset now)
    {
        var member = await memberships.ComeAsync(tx, room.Id, userId, room.LastSeq, rev, personRev, now);
        var place = (await places.FindAsync(tx, userId, room.Id))!;
        tx.AfterCommit(() =>
        {
            live.Announce(Topics.Room(room.Id), new MemberChange(room.Id, rev, member));
            live.Announce(Topics.Person(userId), new PlaceChange(personRev, place));
        });
    }

    async ValueTask<Place?> FindAsync(Session session, Caller caller, string key) =>
        await rooms.FindDirectAsync(session, key) is { } room ? await places.FindAsync(session, caller.UserId, room.Id) : null;
}

/// <summary>A room that was asked for, and whether it was made for that.</summary>
internal sealed record OpenedRoom(Place Place, bool Created);
