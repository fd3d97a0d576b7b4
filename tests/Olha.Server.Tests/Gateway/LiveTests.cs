using System.Net.WebSockets;
using Microsoft.Extensions.Hosting;
using Olha.Protocol;

namespace Olha.Server.Tests.Gateway;

/// <summary>What open sockets hear while things happen, and when they are closed.</summary>
public sealed class LiveTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Who_is_invited_hears_the_room_from_then_on()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var bruno = await server.SignUpAsync("bruno");
        await using var ear = await bruno.ListenAsync();
        await people[0].SayAsync(room.RoomId, "before");

        await people[0].InviteAsync(room.RoomId, bruno);
        await people[0].SayAsync(room.RoomId, "after");

        var place = (await ear.NextAsync<PlaceChange>()).Place;
        Assert.Equal((room.RoomId, true, RoomKind.Closed), (place.RoomId, place.Joined, place.Room!.Kind));
        await ear.NextAsync<MessageChange>(it => it.Message.Body == "after");
        Assert.DoesNotContain(await ear.AllAsync<MessageChange>(people[0]), it => it.Message.Body == "before");
    }

    [Fact]
    public async Task Who_is_removed_hears_nothing_more_of_the_room_on_any_socket()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var first = await people[1].ListenAsync();
        await using var second = await people[1].ListenAsync();

        await people[0].RemoveAsync(room.RoomId, people[1]);
        await people[0].SayAsync(room.RoomId, "secret");

        foreach (var ear in (Ear[])[first, second])
        {
            Assert.False((await ear.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place.Joined);
            Assert.Empty(await ear.AllAsync<MessageChange>(people[0]));
            Assert.Empty(await ear.AllAsync<MemberChange>(people[0]));
            await ear.SendAsync(new Typing(room.RoomId));
            Assert.Equal("not_found", (await ear.NextAsync<Refused>()).Code);
        }
    }

    [Fact]
    public async Task Typing_is_heard_by_the_room_and_by_nobody_else()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var outsider = await server.SignUpAsync();
        await using var ana = await people[0].ListenAsync();
        await using var bruno = await people[1].ListenAsync();
        await using var other = await outsider.ListenAsync();

        await ana.SendAsync(new Typing(room.RoomId));
        await ana.SendAsync(new Typing(room.RoomId)); // within the same moment: told once

        Assert.Equal(new SomebodyTyping(room.RoomId, people[0].Id), await bruno.NextAsync<SomebodyTyping>());
        Assert.Empty(await bruno.AllAsync<SomebodyTyping>(people[0]));
        Assert.Empty(await other.AllAsync<SomebodyTyping>(people[0]));
        await people[1].DoneAsync(HttpMethod.Post, $"/api/v1/rooms/{room.RoomId}/typing");
        Assert.Equal(people[1].Id, (await ana.NextAsync<SomebodyTyping>(it => it.UserId != people[0].Id)).UserId);
        Assert.Equal("not_found", (await outsider.RefusedAsync(HttpMethod.Post, $"/api/v1/rooms/{room.RoomId}/typing")).Code);
    }

    [Fact]
    public async Task Presence_tells_who_came_and_after_a_moment_who_went()
    {
        var ana = await server.SignUpAsync();
        var bruno = await server.SignUpAsync("bruno");
        await using var ear = await ana.ListenAsync();
        Assert.DoesNotContain(bruno.Id, (await ear.NextAsync<EverybodyOnline>()).Ids);

        var socket = await bruno.ListenAsync();
        await ear.NextAsync<PresenceChange>(it => it.Online.Contains(bruno.Id));
        Assert.Contains(bruno.Id, (await ana.GetAsync<OnlineList>("/api/v1/presence")).Online);

        await socket.DisposeAsync();
        await ear.NextAsync<PresenceChange>(it => it.Offline.Contains(bruno.Id));
        Assert.DoesNotContain(bruno.Id, (await ana.GetAsync<OnlineList>("/api/v1/presence")).Online);
    }

    [Fact]
    public async Task Everybody_finds_themselves_online_once_on_the_first_device_and_on_the_second()
    {
        var ana = await server.SignUpAsync();

        await using var first = await ana.ListenAsync();
        // Whoever is not in the list that is the same for all is told of themselves, and with the others once more.
        if (!(await first.NextAsync<EverybodyOnline>()).Ids.Contains(ana.Id))
            Assert.Equal([ana.Id], (await first.NextAsync<PresenceChange>()).Online);
        await first.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));

        await using var second = await ana.ListenAsync();
        Assert.Single((await second.NextAsync<EverybodyOnline>()).Ids, id => id == ana.Id);
    }

    [Fact]
    public async Task A_read_mark_moves_on_all_devices_and_an_older_device_can_not_undo_it()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var phone = await people[1].ListenAsync();
        await using var laptop = await people[1].ListenAsync();
        var last = (await people[0].SayAsync(room.RoomId, "one")).Seq;
        var mark = phone.Welcome.Rooms.Single(it => it.RoomId == room.RoomId).Mark;

        await phone.SendAsync(new MoveMark(room.RoomId, last, mark));
        var place = (await laptop.NextAsync<PlaceChange>(it => it.Place.Mark == last)).Place;
        Assert.Equal((last, 0), (place.Mark, place.Unread));

        // "Mark unread" on the laptop, then the phone with old news.
        await laptop.SendAsync(new MoveMark(room.RoomId, last - 1, last));
        Assert.Equal(1, (await phone.NextAsync<PlaceChange>(it => it.Place.Mark == last - 1)).Place.Unread);
        await phone.SendAsync(new MoveMark(room.RoomId, last, last));
        var refused = await phone.NextAsync<Refused>();
        Assert.Equal(("read", "stale_mark", last - 1), (refused.Of, refused.Code, refused.Params!["mark"]));
        Assert.Equal(last - 1, (await people[1].PlaceAsync(room.RoomId)).Mark);
    }

    [Fact]
    public async Task Signing_out_closes_the_sessions_sockets_and_no_others()
    {
        var ana = await server.SignUpAsync();
        var again = await server.Stranger().PostAsync<SessionAnswer>(
            "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password, Bearer: true));
        await using var stays = await ana.ListenAsync();
        await using var goes = await Ear.OpenAsync(server.Address, again.Token!);
        await using var original = await RawSocket.OriginalAsync(server.Address, new Guest(server.Address, ana.Me, again.Token!));

        await new Client(server.Address, again.Token).DoneAsync(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(CloseCode.SessionEnded, await goes.ClosedAsync());
        Assert.Null((await goes.NextAsync<Bye>()).RetryMs);
        Assert.Equal(CloseCode.SessionEnded, await original.ClosedAsync());
        await ana.SayAsync(1, "still here");
        await stays.NextAsync<MessageChange>(it => it.Message.Body == "still here");
    }

    [Fact]
    public async Task Too_many_connections_of_one_user_close_4503_and_of_all_4004()
    {
        await using var small = await ChatServer.StartAsync(it => it with { ConnectionsPerUser = 2, Connections = 3 });
        var ana = await small.SignUpAsync();
        var bruno = await small.SignUpAsync("bruno");
        await using var first = await ana.ListenAsync();
        var second = await ana.ListenAsync();

        await using var third = await Ear.ConnectAsync(small.Address, ana.Token!);
        Assert.Equal(CloseCode.TooManyConnections, await third.ClosedAsync());

        await using var his = await bruno.ListenAsync();
        await using var over = await Ear.ConnectAsync(small.Address, bruno.Token!);
        Assert.Equal(CloseCode.Overloaded, await over.ClosedAsync());
        Assert.NotNull((await over.NextAsync<Bye>()).RetryMs);

        // What closed makes room.
        await second.DisposeAsync();
        await RetryAsync(async () => await (await ana.ListenAsync()).DisposeAsync());
    }

    [Fact]
    public async Task Without_hello_the_socket_closes_4002()
    {
        await using var ear = await Ear.ConnectAsync(server.Address, (await server.SignUpAsync()).Token!);

        Assert.Equal(CloseCode.Silent, await ear.ClosedAsync()); // after ten seconds
    }

    [Fact]
    public async Task A_ping_carries_the_heads_that_moved_and_silence_closes_4002()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var socket = await RawSocket.WelcomedAsync(server.Address, people[1]);
        await people[0].SayAsync(room.RoomId, "one");
        var rev = (await socket.HearAsync("message")).GetProperty("rev").GetInt64();

        var heads = (await socket.HearAsync("ping")).GetProperty("heads");

        Assert.Equal(rev, heads.GetProperty("rooms").GetProperty($"{room.RoomId}").GetInt64());
        Assert.Equal(CloseCode.Silent, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Who_does_not_read_is_closed_and_costs_the_others_nothing()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        await using var ana = await people[0].ListenAsync();
        await using var bruno = await people[1].ListenAsync();
        await using var stuck = await RawSocket.WelcomedAsync(server.Address, people[2]);
        var body = new string('x', 4000);
        const int Count = 4000; // 16 MB: more than the kernel and the outbox hold

        for (var i = 0; i < Count; i++)
        {
            await ana.SendAsync(new Post(room.RoomId, $"slow{i}", body));
            if (i >= 100) await ana.NextAsync<Ack>();
            if (i >= 100) await ana.NextAsync<MessageChange>();
            if (i >= 100) await bruno.NextAsync<MessageChange>();
        }
        for (var i = 0; i < 100; i++) await bruno.NextAsync<MessageChange>();

        // Of the stuck one nothing is left; it comes back and finds everything in the database.
        var heard = 0;
        while (true)
        {
            var frame = await stuck.ReadAsync();
            if (frame is null or (RawSocket.CloseFrame, _)) break;
            heard++;
        }
        Assert.InRange(heard, 1, Count - 1);
        Assert.Equal(Count, (await people[2].PlaceAsync(room.RoomId)).Unread);
    }

    [Fact, Trait(ChatServer.Inside, "stops the server")]
    public async Task A_stopping_server_sends_everybody_away_with_a_time_to_come_back()
    {
        await using var stopping = await ChatServer.StartAsync(it => it with { DrainSeconds = 5 });
        var ana = await stopping.SignUpAsync();
        await using var ear = await ana.ListenAsync();
        await using var original = await RawSocket.OriginalAsync(stopping.Address, ana);
        await ear.SendAsync(new Post(1, "last", "last words"));
        await ear.NextAsync<Ack>();

        stopping.Get<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(CloseCode.Restart, await ear.ClosedAsync());
        Assert.InRange((await ear.NextAsync<Bye>()).RetryMs!.Value, 1, 10_000);
        Assert.Equal(CloseCode.Restart, await original.ClosedAsync());
    }

    static async Task RetryAsync(Func<Task> attempt)
    {
        for (var tries = 1; ; tries++)
            try
            {
                await attempt();
                return;
            }
            catch (Exception cause) when (tries < 200 && cause is InvalidOperationException or WebSocketException) { }
    }
}
