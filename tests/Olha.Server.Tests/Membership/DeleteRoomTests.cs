using System.Net;
using Olha.Protocol;
using Olha.Server.Messages;

namespace Olha.Server.Tests.Membership;

public sealed class DeleteRoomTests(TimedServer server) : IClassFixture<TimedServer>
{
    [Theory]
    [InlineData(RoomKind.Open)]
    [InlineData(RoomKind.Closed)]
    public async Task From_then_on_there_is_no_such_room_for_anybody(RoomKind kind)
    {
        var (place, people) = await server.Server.RoomWithAsync(kind, "ana", "bruno");
        var (room, ana, bruno) = (place.RoomId, people[0], people[1]);
        var first = new DraftBody($"d-{room}", $"@{bruno.Username} look");
        var said = await ana.PostAsync<Ack>($"/api/v1/rooms/{room}/messages", first);
        await bruno.PutAsync<SavedMessage>($"/api/v1/rooms/{room}/messages/{said.Seq}/saved", null);
        await bruno.PutAsync<RoomDraft>($"/api/v1/rooms/{room}/draft", new BegunBody("begun"));
        await bruno.DoneAsync(HttpMethod.Post, $"/api/v1/rooms/{room}/messages/{said.Seq}/report", new ReportBody("bad"));
        await ana.PutAsync<Message>($"/api/v1/rooms/{room}/messages/{said.Seq}/pin", null);
        await using var his = await bruno.ListenAsync();
        var before = his.Welcome.PersonHead;

        await server.Owner.DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{room}"); // whether or not they are in it

        var gone = await his.NextAsync<PlaceChange>(it => it.Place.RoomId == room);
        Assert.Equal((false, null, before + 1), (gone.Place.Joined, gone.Place.Room, gone.Rev));
        var missed = await bruno.GetAsync<StreamChanges>($"/api/v1/me/changes?after={before}");
        Assert.Equal([gone.Place], missed.Changes.Cast<PlaceChange>().Select(it => it.Place));
        foreach (var who in (Guest[])[ana, bruno, server.Owner])
            foreach (var (method, path, body) in ((string, string, object?)[])
                [
                    ("GET", "", null), ("GET", "/members", null), ("GET", "/messages", null), ("GET", "/changes?after=0", null), ("GET", "/pins", null),
                    ("GET", $"/messages/{said.Seq}", null), ("GET", $"/messages/{said.Seq}/edits", null), ("GET", $"/messages/{said.Seq}/seen", null),
                    ("POST", "/messages", new DraftBody("other", "x")), ("PATCH", $"/messages/{said.Seq}", new EditBody("x")),
                    ("DELETE", $"/messages/{said.Seq}", null), ("PUT", $"/messages/{said.Seq}/saved", null), ("PUT", $"/messages/{said.Seq}/pin", null),
                    ("PUT", $"/messages/{said.Seq}/reactions/%F0%9F%91%8D", null), ("POST", $"/messages/{said.Seq}/report", new ReportBody(null)),
                    ("PUT", "/read", new ReadBody(0, 0)), ("PUT", "/level", new LevelBody(RoomLevel.Nothing)), ("PUT", "/draft", new BegunBody("x")),
                    ("POST", "/typing", null), ("POST", "/join", null), ("POST", "/leave", null), ("PUT", $"/members/{bruno.Id}", null),
                    ("DELETE", $"/members/{bruno.Id}", null), ("PUT", $"/moderators/{bruno.Id}", null), ("DELETE", $"/moderators/{bruno.Id}", null),
                    ("PATCH", "", new RoomPatchBody(Topic: "x")), ("PATCH", "", new RoomPatchBody(RetentionDays: 7)), ("DELETE", "", null),
                ])
            {
                var problem = await who.RefusedAsync(new HttpMethod(method), $"/api/v1/rooms/{room}{path}", body);
                Assert.True((problem.Status, problem.Code) == (404, "not_found"), $"{method} {path}: {problem.Status} {problem.Code}");
            }
        foreach (var frame in (ClientFrame[])[new Post(room, "x", "x"), new MoveMark(room, 0, 0), new Typing(room)])
        {
            await his.SendAsync(frame);
            Assert.Equal("not_found", (await his.NextAsync<Refused>()).Code);
        }
        // What was stored is acknowledged again, also when it is gone since.
        Assert.Equal((said.Seq, true), await ana.PostAsync<Ack>($"/api/v1/rooms/{room}/messages", first) is var again ? (again.Seq, again.Duplicate) : default);

        var state = await bruno.GetAsync<Welcome>("/api/v1/state");
        Assert.DoesNotContain(state.Rooms, it => it.RoomId == room);
        Assert.DoesNotContain(state.Saved, it => it.RoomId == room);
        Assert.DoesNotContain(state.Drafts, it => it.RoomId == room);
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages);
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/saved")).Messages);
        Assert.DoesNotContain((await server.Owner.GetAsync<ReportList>("/api/v1/reports")).Reports, it => it.RoomId == room);
        Assert.DoesNotContain((await server.Owner.GetAsync<GovernedRoomList>("/api/v1/admin/rooms")).Rooms, it => it.Room.Id == room);
        var act = Assert.Single(await server.AuditAsync(AuditAction.RoomDeleted, room));
        Assert.Equal((server.Owner.Id, place.Room!.Name), (act.ActorId, act.Details!["name"]));
    }

    [Fact]
    public async Task Its_name_is_free_and_nothing_of_it_is_heard_any_more()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        await using var ear = await people[1].ListenAsync();

        await server.Owner.DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{place.RoomId}");
        var again = await people[0].CreateRoomAsync(name: place.Room!.Name);

        Assert.NotEqual(place.RoomId, again.RoomId);
        await ear.NextAsync<PlaceChange>(it => it.Place.RoomId == place.RoomId);
        Assert.Empty(await ear.AllAsync<MemberChange>(people[1]));
        Assert.DoesNotContain((await people[1].GetAsync<OpenRoomList>("/api/v1/rooms/open")).Rooms, it => it.Room.Id == place.RoomId);
    }

    [Fact]
    [Trait(ChatServer.Inside, "asks for a gap as the delivery does")]
    public async Task A_gap_that_was_open_when_it_went_is_not_waited_for()
    {
        using var ana = await server.SignUpAsync();
        var room = (await ana.CreateRoomAsync()).RoomId;
        await server.Owner.DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{room}");

        var range = await server.Server.Get<RoomHistory>().MissedAsync(room, 2, TestContext.Current.CancellationToken);

        Assert.Empty(range.Changes);
        Assert.True(range.Complete + 1 > 1_000_000, "what waits for its neighbour is let go");
    }

    [Fact]
    public async Task General_and_direct_rooms_stay_and_others_may_not()
    {
        using var ana = await server.SignUpAsync();
        var (open, closed) = (await ana.CreateRoomAsync(), await ana.CreateRoomAsync(RoomKind.Closed));
        var direct = await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([server.Owner.Id]));
        using var outsider = await server.SignUpAsync("outsider");

        Assert.Equal("general_stays", (await server.Owner.RefusedAsync(HttpMethod.Delete, "/api/v1/rooms/1")).Code);
        Assert.Equal("direct_stays", (await server.Owner.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{direct.RoomId}")).Code);
        Assert.Equal("forbidden", (await ana.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{open.RoomId}")).Code);
        Assert.Equal("forbidden", (await ana.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{closed.RoomId}")).Code);
        Assert.Equal("forbidden", (await outsider.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{open.RoomId}")).Code);
        Assert.Equal("not_found", (await outsider.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{closed.RoomId}")).Code);
        using var nobody = server.Server.Stranger();
        Assert.Equal((int)HttpStatusCode.Unauthorized, (await nobody.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{open.RoomId}")).Status);
        Assert.True((await ana.PlaceAsync(closed.RoomId)).Joined);
    }
}
