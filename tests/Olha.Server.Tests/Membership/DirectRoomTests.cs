using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

public sealed class DirectRoomTests(ChatServer server) : IClassFixture<ChatServer>
{
    const string Direct = "/api/v1/rooms/direct";

    [Fact]
    public async Task It_is_the_same_room_whoever_asks_and_in_whatever_order()
    {
        using var ana = await server.SignUpAsync("ana");
        using var bruno = await server.SignUpAsync("bruno");
        using var carla = await server.SignUpAsync("carla");
        await using var ear = await bruno.ListenAsync();

        using var made = await ana.SendAsync(HttpMethod.Post, Direct, new DirectRoomBody([carla.Id, bruno.Id]));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var found = await bruno.SendAsync(HttpMethod.Post, Direct, new DirectRoomBody([ana.Id, carla.Id, ana.Id, bruno.Id]));
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);

        var heard = (await ear.NextAsync<PlaceChange>(it => it.Place.Room?.Kind == RoomKind.Direct)).Place;
        var place = await bruno.PlaceAsync(heard.RoomId);
        Assert.Equal($"/api/v1/rooms/{place.RoomId}", made.Headers.Location!.ToString());
        Assert.Equal((heard.Rev, heard.Head, heard.RoomId), (place.Rev, place.Head, place.RoomId));
        Assert.Equal((RoomKind.Direct, null, false), (place.Room!.Kind, place.Room.Name, place.Room.General));
        Assert.Equal([ana.Id, bruno.Id, carla.Id], place.Room.PeopleIds!);
        Assert.Equal((0L, 4L), (place.LastSeq, place.Head)); // the row and three memberships, no lines

        await ana.SayAsync(place.RoomId, "olá");
        Assert.Equal("olá", (await ear.NextAsync<MessageChange>(it => it.RoomId == place.RoomId)).Message.Body);
        Assert.Equal(1, (await carla.PlaceAsync(place.RoomId)).Unread);
    }

    [Fact]
    public async Task With_oneself_is_allowed()
    {
        using var ana = await server.SignUpAsync();
        var place = await ana.PostAsync<Place>(Direct, new DirectRoomBody([]));
        Assert.Equal([ana.Id], place.Room!.PeopleIds!);
        Assert.Equal(place.RoomId, (await ana.PostAsync<Place>(Direct, new DirectRoomBody([ana.Id]))).RoomId);
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_all_get_one_room()
    {
        using var ana = await server.SignUpAsync("ana");
        using var bruno = await server.SignUpAsync("bruno");

        var places = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            (i % 2 == 0 ? ana : bruno).PostAsync<Place>(Direct, new DirectRoomBody([i % 2 == 0 ? bruno.Id : ana.Id]))));

        Assert.Single(places.Select(place => place.RoomId).Distinct());
        Assert.Single((await ana.GetAsync<RoomList>("/api/v1/rooms")).Rooms, place => place.Room!.Kind == RoomKind.Direct);
        Assert.Equal(3, (await ana.PlaceAsync(places[0].RoomId)).Head);
        // Those who came too late took no revision of anybody's stream.
        Assert.Equal((await ana.GetAsync<StreamChanges>("/api/v1/me/changes")).Head, (await ana.PlaceAsync(places[0].RoomId)).Rev);
    }

    [Fact]
    public async Task Crossing_requests_of_overlapping_people_do_not_hold_each_other_up()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => server.SignUpAsync()));

        await Task.WhenAll(
            from one in guests
            from other in guests
            from third in guests
            select one.PostAsync<Place>(Direct, new DirectRoomBody([other.Id, third.Id])));

        // 5 alone, 10 pairs, 10 of three: of each person 1 + 4 + 6.
        foreach (var guest in guests)
        {
            Assert.Equal(11, (await guest.GetAsync<RoomList>("/api/v1/rooms")).Rooms.Count(place => place.Room!.Kind == RoomKind.Direct));
            guest.Dispose();
        }
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"userIds":null}""")]
    [InlineData("""{"userIds":[999999]}""")]
    [InlineData("""{"userIds":[0]}""")]
    [InlineData("""{"userIds":[-1]}""")]
    [InlineData("""{"userIds":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]}""")]
    public async Task People_who_are_nobody_or_too_many_are_refused(string body)
    {
        using var ana = await server.SignUpAsync();
        var before = (await ana.GetAsync<StreamChanges>("/api/v1/me/changes")).Head;

        var problem = await ana.RefusedAsync(HttpMethod.Post, Direct, body);

        Assert.Equal((400, "invalid_people"), (problem.Status, problem.Code));
        Assert.Equal(before, (await ana.GetAsync<StreamChanges>("/api/v1/me/changes")).Head);
    }

    [Fact]
    [Trait(ChatServer.Inside, "makes many accounts: quick only where hashing is cheap")]
    public async Task Twenty_people_fit_and_twenty_one_do_not()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 21).Select(_ => server.SignUpAsync()));
        var ids = guests.Select(guest => guest.Id).ToArray();

        Assert.Equal(20, (await guests[0].PostAsync<Place>(Direct, new DirectRoomBody(ids[1..20]))).Room!.PeopleIds!.Count);
        Assert.Equal("invalid_people", (await guests[0].RefusedAsync(HttpMethod.Post, Direct, new DirectRoomBody(ids[1..]))).Code);
        foreach (var guest in guests) guest.Dispose();
    }
}
