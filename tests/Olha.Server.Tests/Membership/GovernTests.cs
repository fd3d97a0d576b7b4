using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

/// <summary>Slow mode, lock and retention as they are set. What they do is told elsewhere.</summary>
public sealed class GovernTests(TimedServer server) : IClassFixture<TimedServer>
{
    static string Path(long roomId) => $"/api/v1/rooms/{roomId}";

    [Theory]
    [InlineData("""{"slowModeSeconds":-1}""")]
    [InlineData("""{"slowModeSeconds":21601}""")]
    [InlineData("""{"slowModeSeconds":1.5}""")]
    [InlineData("""{"retentionDays":-2}""")]
    [InlineData("""{"retentionDays":36501}""")]
    [InlineData("""{"locked":"yes"}""")]
    public async Task Unsound_figures_are_refused(string body)
    {
        var room = await server.Owner.CreateRoomAsync();

        var problem = await server.Owner.RefusedAsync(HttpMethod.Patch, Path(room.RoomId), body);

        Assert.Equal(400, problem.Status);
        Assert.Equal(room, await server.Owner.PlaceAsync(room.RoomId));
    }

    [Fact]
    public async Task What_is_set_is_told_in_the_room_and_written_down()
    {
        using var ana = await server.SignUpAsync();
        var room = (await ana.CreateRoomAsync()).RoomId;
        await using var ear = await ana.ListenAsync();

        var slow = await ana.PatchAsync<Room>(Path(room), new RoomPatchBody(SlowModeSeconds: 30, Locked: true));

        Assert.Equal((30L, true, null), (slow.SlowModeSeconds, slow.Locked, slow.RetentionDays));
        Assert.Equal(slow, (await ear.NextAsync<RoomChange>()).Room);
        Assert.Equal(
            [new SystemLine(SystemEvent.SlowMode, null, "30"), new SystemLine(SystemEvent.Locked, null, null)],
            [(await ear.NextAsync<MessageChange>()).Message.System!, (await ear.NextAsync<MessageChange>()).Message.System!]);

        var back = await ana.PatchAsync<Room>(Path(room), new RoomPatchBody(SlowModeSeconds: 0, Locked: false));

        Assert.Equal((null, null), (back.SlowModeSeconds, back.Locked));
        Assert.Equal(
            [new SystemLine(SystemEvent.SlowMode, null, null), new SystemLine(SystemEvent.Unlocked, null, null)],
            [(await ear.NextAsync<MessageChange>()).Message.System!, (await ear.NextAsync<MessageChange>()).Message.System!]);
        Assert.Equal(back, await ana.PatchAsync<Room>(Path(room), new RoomPatchBody(SlowModeSeconds: 0, Locked: false)));
        var acts = await server.AuditAsync(AuditAction.RoomChanged, room);
        Assert.Equal([("0", "off"), ("30", "on")], acts.Select(it => (it.Details!["slowModeSeconds"], it.Details["locked"])));
    }

    [Fact]
    public async Task Archiving_and_opening_again_is_written_down_and_renaming_is_not()
    {
        using var ana = await server.SignUpAsync();
        var room = (await ana.CreateRoomAsync()).RoomId;

        await ana.PatchAsync<Room>(Path(room), new RoomPatchBody(Guest.NewRoomName(), "topic"));
        await ana.PatchAsync<Room>(Path(room), new RoomPatchBody(Archived: true));
        Assert.Equal("archived", (await ana.RefusedAsync(HttpMethod.Patch, Path(room), new RoomPatchBody(SlowModeSeconds: 5))).Code);
        Assert.Equal("archived", (await ana.RefusedAsync(HttpMethod.Patch, Path(room), new RoomPatchBody(Locked: true))).Code);
        await server.Owner.PatchAsync<Room>(Path(room), new RoomPatchBody(RetentionDays: 9)); // says nothing in the room
        await ana.PatchAsync<Room>(Path(room), new RoomPatchBody(Archived: false));

        Assert.Single(await server.AuditAsync(AuditAction.RoomArchived, room));
        Assert.Single(await server.AuditAsync(AuditAction.RoomUnarchived, room));
        Assert.Single(await server.AuditAsync(AuditAction.RoomChanged, room));
    }

    [Fact]
    public async Task How_long_messages_are_kept_is_an_administrators_business_in_closed_rooms_too()
    {
        using var ana = await server.SignUpAsync();
        var (open, closed) = ((await ana.CreateRoomAsync()).RoomId, (await ana.CreateRoomAsync(RoomKind.Closed)).RoomId);
        await using var ear = await ana.ListenAsync();

        foreach (var room in (long[])[open, closed])
        {
            Assert.Equal("forbidden", (await ana.RefusedAsync(HttpMethod.Patch, Path(room), new RoomPatchBody(RetentionDays: 7))).Code);
            var changed = await server.Owner.PatchAsync<Room>(Path(room), new RoomPatchBody(RetentionDays: 7));
            Assert.Equal(changed, (await ear.NextAsync<RoomChange>(it => it.RoomId == room)).Room);
            Assert.Equal(7, changed.RetentionDays);
            Assert.Equal(0, (await server.Owner.PatchAsync<Room>(Path(room), new RoomPatchBody(RetentionDays: 0))).RetentionDays);
            Assert.Null((await server.Owner.PatchAsync<Room>(Path(room), new RoomPatchBody(RetentionDays: -1))).RetentionDays);
            Assert.Equal(["-1", "0", "7"], (await server.AuditAsync(AuditAction.RoomChanged, room)).Select(it => it.Details!["retentionDays"]));
        }
        // With it nothing else of a closed room can be changed by who is not in it.
        Assert.Equal("not_found", (await server.Owner.RefusedAsync(
            HttpMethod.Patch, Path(closed), new RoomPatchBody(Topic: "x", RetentionDays: 7))).Code);
        Assert.Equal("not_found", (await server.Owner.RefusedAsync(HttpMethod.Patch, Path(closed), new RoomPatchBody())).Code);
        using var outsider = await server.SignUpAsync("outsider");
        Assert.Equal("not_found", (await outsider.RefusedAsync(HttpMethod.Patch, Path(closed), new RoomPatchBody(RetentionDays: 7))).Code);
        Assert.Equal("forbidden", (await outsider.RefusedAsync(HttpMethod.Patch, Path(open), new RoomPatchBody(RetentionDays: 7))).Code);
        var direct = await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([]));
        Assert.Equal("direct_stays", (await server.Owner.RefusedAsync(
            HttpMethod.Patch, Path(direct.RoomId), new RoomPatchBody(RetentionDays: 7))).Code);
    }
}
