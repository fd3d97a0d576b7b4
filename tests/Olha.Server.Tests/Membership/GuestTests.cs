using System.Net;
using Olha.Protocol;
using Olha.Server.Membership;
using Olha.Server.Rooms;
using Olha.Storage;

namespace Olha.Server.Tests.Membership;

[Trait(ChatServer.Inside, "makes guests of members")]
public sealed class GuestTests(TimedServer server) : IClassFixture<TimedServer>
{
    const int General = 1;

    [Fact]
    public async Task They_know_of_no_room_that_they_are_not_in()
    {
        using var ana = await server.SignUpAsync();
        using var guest = await server.GuestAsync();
        var open = await ana.CreateRoomAsync();
        var said = await ana.SayAsync(open.RoomId, $"@{guest.Username} look");
        var room = $"/api/v1/rooms/{open.RoomId}";

        Assert.Empty((await guest.GetAsync<OpenRoomList>("/api/v1/rooms/open")).Rooms);
        Assert.NotEmpty((await ana.GetAsync<OpenRoomList>("/api/v1/rooms/open")).Rooms);
        foreach (var (method, path, body) in ((string, string, object?)[])
            [
                ("GET", "", null), ("GET", "/members", null), ("GET", "/messages", null), ("GET", "/pins", null), ("GET", "/changes?after=0", null),
                ("GET", $"/messages/{said.Seq}", null), ("GET", $"/messages/{said.Seq}/seen", null), ("GET", $"/messages/{said.Seq}/edits", null),
                ("PUT", $"/messages/{said.Seq}/saved", null), ("PUT", $"/messages/{said.Seq}/pin", null), ("PUT", "/draft", new BegunBody("x")),
                ("POST", "/join", null), ("POST", "/messages", new DraftBody("g1", "x")), ("POST", $"/messages/{said.Seq}/report", new ReportBody(null)),
                ("PATCH", "", new RoomPatchBody(Topic: "x")), ("DELETE", "", null),
            ])
            Assert.Equal((404, "not_found"), Of(await guest.RefusedAsync(new HttpMethod(method), room + path, body)));
        Assert.Empty((await guest.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages);
        Assert.DoesNotContain((await guest.GetAsync<Welcome>("/api/v1/state")).Rooms, it => it.RoomId == open.RoomId);
    }

    [Fact]
    public async Task They_make_no_rooms_and_invite_nobody_but_talk_where_they_were_invited()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        using var guest = await server.GuestAsync();
        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await ana.InviteAsync(room.RoomId, guest);

        await guest.SayAsync(room.RoomId, "olá");
        Assert.Equal("forbidden", (await guest.RefusedAsync(
            HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Closed, Guest.NewRoomName()))).Code);
        Assert.Equal("forbidden", (await guest.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/members/{bruno.Id}")).Code);
    }

    [Fact]
    public async Task They_open_direct_rooms_only_with_people_whom_they_meet()
    {
        using var ana = await server.SignUpAsync();
        using var guest = await server.GuestAsync();
        await GoFromGeneralAsync(guest);
        var body = new DirectRoomBody([ana.Id]);

        Assert.Equal((404, "not_found"), Of(await guest.RefusedAsync(HttpMethod.Post, "/api/v1/rooms/direct", body)));
        Assert.DoesNotContain((await ana.GetAsync<RoomList>("/api/v1/rooms")).Rooms, it => it.Room!.Kind == RoomKind.Direct);
        await guest.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([]));

        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await ana.InviteAsync(room.RoomId, guest);
        var direct = await guest.PostAsync<Place>("/api/v1/rooms/direct", body);
        Assert.Equal((404, "not_found"), Of(await guest.RefusedAsync(
            HttpMethod.Post, "/api/v1/rooms/direct", new DirectRoomBody([ana.Id, server.Owner.Id]))));

        // One that is there stays theirs.
        await ana.RemoveAsync(room.RoomId, guest);
        Assert.Equal(direct.RoomId, (await guest.PostAsync<Place>("/api/v1/rooms/direct", body)).RoomId);
    }

    [Fact]
    public async Task A_member_who_becomes_one_keeps_the_rooms_they_are_in()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var (left, kept) = (await ana.CreateRoomAsync(), await ana.CreateRoomAsync());
        foreach (var room in (Place[])[left, kept]) await bruno.JoinAsync(room.RoomId);
        var said = await ana.SayAsync(left.RoomId, $"@{bruno.Username} look");
        await bruno.PutAsync<SavedMessage>($"/api/v1/rooms/{left.RoomId}/messages/{said.Seq}/saved", null);
        await bruno.LeaveAsync(left.RoomId);
        await server.Server.BecomeAsync(bruno, Role.Guest);

        Assert.Equal([General, kept.RoomId], (await bruno.GetAsync<RoomList>("/api/v1/rooms")).Rooms.Select(it => it.RoomId));
        await bruno.SayAsync(kept.RoomId, "still here");
        Assert.Equal("not_found", (await bruno.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{left.RoomId}")).Code);
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages);
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/saved")).Messages);
    }

    [Fact]
    public async Task The_originals_door_is_for_those_who_are_in_General()
    {
        using var guest = await server.GuestAsync();
        await using (var inside = await RawSocket.OriginalAsync(server.Server.Address, guest)) Assert.Equal(101, inside.Status);
        await GoFromGeneralAsync(guest);

        await using var outside = await RawSocket.OriginalAsync(server.Server.Address, guest);

        Assert.Equal(403, outside.Status);
    }

    [Fact]
    public async Task Who_is_no_longer_in_General_hears_nothing_more_at_the_originals_door()
    {
        using var guest = await server.GuestAsync();
        await using var socket = await RawSocket.OriginalAsync(server.Server.Address, guest);

        await GoFromGeneralAsync(guest);
        await server.Owner.SayAsync(General, "a secret");

        while (await socket.ReadAsync() is var (opcode, payload) && opcode != RawSocket.CloseFrame)
            Assert.DoesNotContain("a secret", System.Text.Encoding.UTF8.GetString(payload), StringComparison.Ordinal);
    }

    static (int, string) Of(Problem problem) => (problem.Status, problem.Code);

    // No door leads out of General: whoever comes by an invitation as a guest never was in it.
    async Task GoFromGeneralAsync(Guest who) => await server.Server.Get<Database>().WriteAsync(async tx =>
    {
        var room = (await server.Server.Get<RoomStore>().AdvanceAsync(tx, General, Comings.Revs, Comings.Seqs))!;
        await server.Server.Get<Comings>().GoAsync(tx, room, who.Id, who.Id, SystemEvent.Left);
        return HttpStatusCode.OK;
    }, TestContext.Current.CancellationToken);
}
