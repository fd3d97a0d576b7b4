using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

/// <summary>Who may speak when, at both doors.</summary>
public sealed class SlowModeTests(TimedServer server) : IClassFixture<TimedServer>
{
    static string Messages(long roomId) => $"/api/v1/rooms/{roomId}/messages";

    async Task<(long RoomId, Guest Ana, Guest Bruno)> RoomAsync(RoomPatchBody how)
    {
        var (room, people) = await server.Server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        await people[0].PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", how);
        return (room.RoomId, people[0], people[1]);
    }

    [Fact]
    [Trait(ChatServer.Inside, "puts the clock forward")]
    public async Task A_member_waits_between_two_messages_and_is_told_how_long()
    {
        var (room, _, bruno) = await RoomAsync(new RoomPatchBody(SlowModeSeconds: 60));
        var first = new DraftBody("s1", "one");
        await bruno.PostAsync<Ack>(Messages(room), first);

        using var response = await bruno.SendAsync(HttpMethod.Post, Messages(room), new DraftBody("s2", "two"));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        var problem = await response.ProblemAsync();
        Assert.Equal(("slow_mode", true), (problem.Code, problem.Retry));
        Assert.InRange(problem.RetryAfterMs!.Value, 1, 60_000);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        // What was stored is stored, whoever waits.
        Assert.True((await bruno.PostAsync<Ack>(Messages(room), first)).Duplicate);

        server.Forward(TimeSpan.FromSeconds(61));
        await bruno.PostAsync<Ack>(Messages(room), new DraftBody("s2", "two"));
    }

    [Fact]
    public async Task Of_many_posts_at_once_on_a_socket_one_is_stored()
    {
        var (room, ana, bruno) = await RoomAsync(new RoomPatchBody(SlowModeSeconds: 60));
        await using var his = await bruno.ListenAsync();
        await using var hers = await ana.ListenAsync();

        for (var i = 0; i < 20; i++) await his.SendAsync(new Post(room, $"m{i}", $"{i}"));

        Assert.Equal("m0", (await his.NextAsync<Ack>()).Cid);
        for (var i = 1; i < 20; i++)
        {
            var refused = await his.NextAsync<Refused>();
            Assert.Equal((Refusal.SlowMode.Code, $"m{i}", true), (refused.Code, refused.Cid, refused.Retry));
            Assert.InRange(refused.RetryAfterMs!.Value, 1, 60_000);
        }
        await his.SendAsync(new Post(room, "m0", "0"));
        Assert.True((await his.NextAsync<Ack>()).Duplicate);
        // Its creator does not wait, and neither does who administers.
        for (var i = 0; i < 3; i++) await hers.SendAsync(new Post(room, $"h{i}", $"{i}"));
        for (var i = 0; i < 3; i++) Assert.Equal($"h{i}", (await hers.NextAsync<Ack>()).Cid);
        Assert.Equal(4, (await ana.HistoryAsync(room)).Count(it => it.Kind == MessageKind.Text));
    }

    [Fact]
    public async Task Each_waits_for_themselves_and_moderators_not_at_all()
    {
        var (room, ana, bruno) = await RoomAsync(new RoomPatchBody(SlowModeSeconds: 60));
        using var carla = await server.SignUpAsync("carla");
        await carla.JoinAsync(room);
        await ana.PutAsync<Member>($"/api/v1/rooms/{room}/moderators/{carla.Id}", null);

        await bruno.SayAsync(room, "one");
        for (var i = 0; i < 3; i++) await carla.SayAsync(room, "mine");
        Assert.Equal("slow_mode", (await bruno.RefusedAsync(HttpMethod.Post, Messages(room), new DraftBody("w1", "two"))).Code);
        await ana.DeleteAsync<Member>($"/api/v1/rooms/{room}/moderators/{carla.Id}");
        Assert.Equal("slow_mode", (await carla.RefusedAsync(HttpMethod.Post, Messages(room), new DraftBody("w1", "more"))).Code);

        await ana.PatchAsync<Room>($"/api/v1/rooms/{room}", new RoomPatchBody(SlowModeSeconds: 0));
        await bruno.SayAsync(room, "two");
    }

    [Fact]
    public async Task In_a_locked_room_only_moderators_speak()
    {
        var (room, ana, bruno) = await RoomAsync(new RoomPatchBody());
        var first = new DraftBody("l1", "before");
        var said = await bruno.PostAsync<Ack>(Messages(room), first);
        await using var ear = await bruno.ListenAsync();
        await ana.PatchAsync<Room>($"/api/v1/rooms/{room}", new RoomPatchBody(Locked: true));

        await ear.SendAsync(new Post(room, "l2", "after"));
        var refused = await ear.NextAsync<Refused>();
        Assert.Equal(("locked", false), (refused.Code, refused.Retry));
        foreach (var (method, path, body) in ((HttpMethod, string, object?)[])
            [
                (HttpMethod.Post, "", new DraftBody("l2", "after")), (HttpMethod.Patch, $"/{said.Seq}", new EditBody("x")),
                (HttpMethod.Put, $"/{said.Seq}/pin", null), (HttpMethod.Put, $"/{said.Seq}/reactions/%F0%9F%91%8D", null),
                (HttpMethod.Delete, $"/{said.Seq}", null),
            ])
            Assert.Equal("locked", (await bruno.RefusedAsync(method, Messages(room) + path, body)).Code);
        Assert.True((await bruno.PostAsync<Ack>(Messages(room), first)).Duplicate);
        Assert.Equal(said.Seq, (await bruno.MessageAsync(room, said.Seq)).Seq); // reading goes on
        await ana.SayAsync(room, "hers");

        await ana.PutAsync<Member>($"/api/v1/rooms/{room}/moderators/{bruno.Id}", null);
        await ear.SendAsync(new Post(room, "l3", "now"));
        Assert.Equal("l3", (await ear.NextAsync<Ack>()).Cid);
    }

    [Fact]
    public async Task In_General_it_holds_at_the_originals_door_too()
    {
        const int General = 1;
        using var ana = await server.SignUpAsync();
        await using var socket = await RawSocket.OriginalAsync(server.Server.Address, ana);
        await server.Owner.PatchAsync<Room>($"/api/v1/rooms/{General}", new RoomPatchBody(Locked: true));
        try
        {
            await HearAsync(socket, $"{server.Owner.Username} locked the room: only moderators may speak.");
            await socket.SayAsync("let me");
            await HearAsync(socket, Refusal.Locked.Detail);
        }
        finally
        {
            await server.Owner.PatchAsync<Room>($"/api/v1/rooms/{General}", new RoomPatchBody(Locked: false, SlowModeSeconds: 90));
        }
        await HearAsync(socket, $"{server.Owner.Username} turned slow mode on: one message every 90 seconds.");
        await socket.SayAsync("one");
        await socket.SayAsync("two");
        await HearAsync(socket, Refusal.SlowMode.Detail);
        await server.Owner.PatchAsync<Room>($"/api/v1/rooms/{General}", new RoomPatchBody(SlowModeSeconds: 0));
        await HearAsync(socket, $"{server.Owner.Username} turned slow mode off.");
    }

    static async Task HearAsync(RawSocket socket, string notification)
    {
        while ((await socket.HearAsync("Notification")).GetProperty("content").GetString() != notification) { }
    }
}
