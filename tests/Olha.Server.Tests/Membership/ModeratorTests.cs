using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

public sealed class ModeratorTests(TimedServer server) : IClassFixture<TimedServer>
{
    static string Path(long roomId, Guest who) => $"/api/v1/rooms/{roomId}/moderators/{who.Id}";

    async Task<(long RoomId, Guest Ana, Guest Bruno)> RoomAsync(RoomKind kind = RoomKind.Open)
    {
        var (room, people) = await server.Server.RoomWithAsync(kind, "ana", "bruno");
        return (room.RoomId, people[0], people[1]);
    }

    [Fact]
    public async Task A_member_who_is_made_one_manages_the_room_until_they_are_dismissed()
    {
        var (room, ana, bruno) = await RoomAsync(RoomKind.Closed);
        await using var hers = await ana.ListenAsync();
        await using var his = await bruno.ListenAsync();
        var said = await ana.SayAsync(room, "olá");
        Assert.Equal("not_yours", (await bruno.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{room}/messages/{said.Seq}")).Code);

        var member = await ana.PutAsync<Member>(Path(room, bruno), null);

        Assert.Equal((bruno.Id, true, true), (member.UserId, member.Joined, member.Moderator));
        Assert.Equal(member, (await hers.NextAsync<MemberChange>(it => it.Rev == member.Rev)).Member);
        var place = (await his.NextAsync<PlaceChange>(it => it.Place.Moderator == true)).Place;
        Assert.Equal((room, member.Rev), (place.RoomId, place.Head));
        Assert.True((await bruno.PlaceAsync(room)).Moderator);
        Assert.True((await ana.GetAsync<MemberList>($"/api/v1/rooms/{room}/members")).Members.Single(it => it.UserId == bruno.Id).Moderator);
        await bruno.PatchAsync<Room>($"/api/v1/rooms/{room}", new RoomPatchBody(Topic: "his"));
        await bruno.DeleteAsync(room, said.Seq);

        var dismissed = await ana.DeleteAsync<Member>(Path(room, bruno));

        Assert.Null(dismissed.Moderator);
        Assert.Equal(dismissed, (await hers.NextAsync<MemberChange>(it => it.Rev == dismissed.Rev)).Member);
        Assert.Null((await his.NextAsync<PlaceChange>(it => it.Rev > place.Rev)).Place.Moderator);
        Assert.Equal("forbidden", (await bruno.RefusedAsync(HttpMethod.Patch, $"/api/v1/rooms/{room}", new RoomPatchBody(Topic: "no"))).Code);

        foreach (var action in (AuditAction[])[AuditAction.ModeratorMade, AuditAction.ModeratorUnmade])
            Assert.Equal((ana.Id, bruno.Id), await server.AuditAsync(action, room) is [var entry] ? (entry.ActorId, entry.UserId) : default);
        var deleted = Assert.Single(await server.AuditAsync(AuditAction.MessageDeleted, room));
        Assert.Equal((bruno.Id, ana.Id, $"{said.Seq}"), (deleted.ActorId, deleted.UserId, deleted.Details!["seq"]));
    }

    [Fact]
    public async Task Asking_for_what_already_is_changes_nothing()
    {
        var (room, ana, bruno) = await RoomAsync();
        var first = await ana.PutAsync<Member>(Path(room, bruno), null);
        var place = await bruno.PlaceAsync(room);

        Assert.Equal(first, await ana.PutAsync<Member>(Path(room, bruno), null));
        Assert.Equal(place, await bruno.PlaceAsync(room));
        Assert.Single(await server.AuditAsync(AuditAction.ModeratorMade, room));
        await ana.DeleteAsync<Member>(Path(room, bruno));
        Assert.Null((await ana.DeleteAsync<Member>(Path(room, bruno))).Moderator);
    }

    [Fact]
    public async Task Only_who_is_in_the_room_can_be_one_and_who_leaves_no_longer_is()
    {
        var (room, ana, bruno) = await RoomAsync();
        using var outsider = await server.SignUpAsync("outsider");
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Put, Path(room, outsider))).Code);
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room}/moderators/999999")).Code);
        await ana.PutAsync<Member>(Path(room, bruno), null);

        await bruno.LeaveAsync(room);
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Delete, Path(room, bruno))).Code);
        await bruno.JoinAsync(room);

        Assert.Null((await bruno.PlaceAsync(room)).Moderator);
    }

    [Fact]
    public async Task Moderators_do_not_make_moderators()
    {
        var (room, ana, bruno) = await RoomAsync();
        using var carla = await server.SignUpAsync("carla");
        await ana.InviteAsync(room, carla);
        await ana.PutAsync<Member>(Path(room, bruno), null);

        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            Assert.Equal("forbidden", (await bruno.RefusedAsync(method, Path(room, carla))).Code);
            Assert.Equal("forbidden", (await carla.RefusedAsync(method, Path(room, bruno))).Code);
        }
        await server.Owner.PutAsync<Member>(Path(room, carla), null); // of an open room, from outside
    }

    [Fact]
    public async Task Sending_somebody_out_is_written_down()
    {
        var (room, ana, bruno) = await RoomAsync();

        await ana.RemoveAsync(room, bruno);

        var entry = Assert.Single(await server.AuditAsync(AuditAction.MemberRemoved, room));
        Assert.Equal((ana.Id, bruno.Id), (entry.ActorId, entry.UserId));
    }
}
