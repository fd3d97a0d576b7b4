using Olha.Protocol;

namespace Olha.Server.Tests.Admin;

public sealed class AdminRoomTests(TimedServer server) : IClassFixture<TimedServer>
{
    [Theory]
    [InlineData("/api/v1/admin/rooms")]
    [InlineData("/api/v1/admin/statistics")]
    public async Task Only_administrators_see_it(string path)
    {
        using var ana = await server.SignUpAsync();
        using var nobody = server.Server.Stranger();

        Assert.Equal((403, "forbidden"), await ana.RefusedAsync(HttpMethod.Get, path) is var no ? (no.Status, no.Code) : default);
        Assert.Equal((401, "no_session"), await nobody.RefusedAsync(HttpMethod.Get, path) is var who ? (who.Status, who.Code) : default);
    }

    [Fact]
    public async Task Open_and_closed_rooms_are_listed_with_who_is_in_them()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var closed = await ana.CreateRoomAsync(RoomKind.Closed, "Só nós 100%");
        await ana.InviteAsync(closed.RoomId, bruno);
        await ana.SayAsync(closed.RoomId, "olá");
        var direct = await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([bruno.Id]));

        var all = await server.Owner.GetAsync<GovernedRoomList>("/api/v1/admin/rooms");
        var found = await server.Owner.GetAsync<GovernedRoomList>($"/api/v1/admin/rooms?query={Uri.EscapeDataString("SÓ NÓS 100%")}");

        Assert.Contains(all.Rooms, it => it.Room.General);
        Assert.DoesNotContain(all.Rooms, it => it.Room.Id == direct.RoomId);
        var room = Assert.Single(found.Rooms);
        Assert.Equal((closed.RoomId, RoomKind.Closed, 2L, 3L), (room.Room.Id, room.Room.Kind, room.MemberCount, room.Messages)); // two lines and a text
        Assert.Null(found.Next);
        Assert.Empty((await server.Owner.GetAsync<GovernedRoomList>("/api/v1/admin/rooms?query=100_")).Rooms);
        Assert.Equal("invalid_field", (await server.Owner.RefusedAsync(HttpMethod.Get, "/api/v1/admin/rooms?query=%00")).Code);
    }

    [Fact]
    public async Task They_come_in_pages()
    {
        using var ana = await server.SignUpAsync();
        for (var i = 0; i < 51; i++) await ana.CreateRoomAsync(RoomKind.Closed, $"paged {i}");

        var first = await server.Owner.GetAsync<GovernedRoomList>("/api/v1/admin/rooms?query=paged");
        var second = await server.Owner.GetAsync<GovernedRoomList>($"/api/v1/admin/rooms?query=paged&after={first.Next}");

        Assert.Equal((50, 1, null), (first.Rooms.Count, second.Rooms.Count, second.Next));
        Assert.Equal(first.Rooms.Concat(second.Rooms).Select(it => it.Room.Id).Order(), first.Rooms.Concat(second.Rooms).Select(it => it.Room.Id));
    }

    [Fact]
    public async Task Statistics_count_what_there_is()
    {
        await using var fresh = await ChatServer.StartAsync(static options => options);
        using var owner = await fresh.SignUpAsync("owner");
        using var ana = await fresh.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([owner.Id]));
        var gone = await ana.CreateRoomAsync();
        await owner.DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{gone.RoomId}");
        await owner.JoinAsync(room.RoomId);
        var said = await ana.SayAsync(room.RoomId, "one");
        await ana.SayAsync(room.RoomId, "two");
        await owner.DoneAsync(HttpMethod.Post, $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/report", new ReportBody(null));
        await using var watcher = await owner.ListenAsync();
        await using var ear = await ana.ListenAsync();
        await watcher.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));

        var counted = await owner.GetAsync<Statistics>("/api/v1/admin/statistics");

        Assert.Equal((2L, 2L, 2L, 2L, 1L), (counted.People, counted.Online, counted.ActiveThisWeek, counted.Rooms, counted.DirectRooms));
        Assert.Equal((6L, 1L), (counted.Messages, counted.OpenReports)); // four lines of people who came, two texts
        Assert.Equal((30, 2L), (counted.MessagesPerDay.Count, counted.MessagesPerDay.Sum()));
        Assert.InRange(counted.DatabaseBytes, 10_000, 100_000_000);
    }
}
