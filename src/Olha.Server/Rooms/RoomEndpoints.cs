using Microsoft.AspNetCore.Http.HttpResults;
using Olha.Protocol;
using Olha.Server.Accounts;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Rooms;

/// <summary>The HTTP door of rooms, as far as they are read. What changes them writes a line into them and is Membership's.</summary>
internal static class RoomEndpoints
{
    public static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddSingleton<RoomStore>()
        .AddSingleton<RoomChangeStore>()
        .AddSingleton<OpenRoomStore>()
        .AddSingleton<MembershipStore>()
        .AddSingleton<StandingStore>()
        .AddSingleton<PlaceStore>()
        .AddSingleton<MoveReadMark>()
        .AddSingleton<SetLevel>();

    public static void MapRooms(this IEndpointRouteBuilder api)
    {
        var mine = api.MapGroup("").RequireSession();
        mine.MapGet("/rooms", Mine).WithSummary("Your rooms");
        mine.MapGet("/rooms/open", Open).WithSummary("Open rooms to join, by name");
        mine.MapGet("/rooms/{roomId:long}", One).WithSummary("One room, as it is to you");
        mine.MapGet("/rooms/{roomId:long}/members", Members).WithSummary("Who is in a room");
        mine.MapPut("/rooms/{roomId:long}/read", Read).WithSummary("Move your read mark");
        mine.MapPut("/rooms/{roomId:long}/level", Level).WithSummary("Say how loud a room is for you");
    }

    static async Task<Ok<RoomList>> Mine(Caller caller, Database db, PlaceStore places, CancellationToken ct) =>
        TypedResults.Ok(new RoomList(await db.ReadAsync(session => places.ListAsync(session, caller.UserId), ct)));

    static async Task<Results<Ok<OpenRoomList>, ProblemResult>> Open(
        Caller caller, Database db, PeopleDirectory people, OpenRoomStore rooms, CancellationToken ct, string after = "", string query = "")
    {
        // PostgreSQL has no NUL in a text.
        if (after.Contains('\0') || query.Contains('\0')) return Refusal.InvalidField.ToProblem();
        return TypedResults.Ok(await db.ReadAsync(async session =>
            Authority.WhyNotFindRooms(await people.FindAsync(session, caller.UserId)) is null
                ? await rooms.ListAsync(session, caller.UserId, after, query)
                : new OpenRoomList([], null), ct));
    }

    static async Task<Results<Ok<Place>, ProblemResult>> One(
        Caller caller, long roomId, Database db, StandingStore standings, PlaceStore places, CancellationToken ct)
    {
        var outcome = await db.ReadAsync<Outcome<Place>>(async session =>
        {
            var standing = await standings.StandingOf(session, caller.UserId, roomId);
            if (standing.WhyNotSee() is { } refusal) return refusal;
            return standing.Joined ? (await places.FindAsync(session, caller.UserId, roomId))! : PlaceOutside(standing.Room!);
        }, ct);
        return outcome.TryGet(out var place, out var refusal) ? TypedResults.Ok(place) : refusal.ToProblem();
    }

    static async Task<Results<Ok<MemberList>, ProblemResult>> Members(
        Caller caller, long roomId, Database db, StandingStore standings, MembershipStore memberships, CancellationToken ct)
    {
        var outcome = await db.ReadAsync<Outcome<MemberList>>(async session =>
        {
            var standing = await standings.StandingOf(session, caller.UserId, roomId);
            if (standing.WhyNotRead() is { } refusal) return refusal;
            return new MemberList(roomId, await memberships.ListAsync(session, roomId), standing.Room!.LastRev);
        }, ct);
        return outcome.TryGet(out var members, out var refusal) ? TypedResults.Ok(members) : refusal.ToProblem();
    }

    static async Task<Results<Ok<ReadState>, ProblemResult>> Read(
        Caller caller, long roomId, ReadBody body, MoveReadMark move, CancellationToken ct)
    {
        var outcome = await move.RunAsync(caller, roomId, body.Mark, body.Replaces, ct);
        return outcome.TryGet(out var read, out var refusal) ? TypedResults.Ok(read) : refusal.ToProblem();
    }

    static async Task<Results<Ok<Place>, ProblemResult>> Level(
        Caller caller, long roomId, LevelBody body, SetLevel set, CancellationToken ct) =>
        (await set.RunAsync(caller, roomId, body.Level, ct)).TryGet(out var place, out var refusal) ? TypedResults.Ok(place) : refusal.ToProblem();

    // An open room seen through the door: enough to decide whether to join.
    static Place PlaceOutside(RoomRow room) => new(room.Id, false, 0, 0, room.LastSeq, room.LastRev, room.ToRoom(), 0, 0, RoomLevel.Mentions);
}
