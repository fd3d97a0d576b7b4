using Olha.Protocol;

namespace Olha.Server.Tests.Gateway;

/// <summary>How a v1 socket begins, and how it is turned away.</summary>
public sealed class HelloTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Welcome_is_the_whole_starting_state()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await people[0].SayAsync(room.RoomId, "one");
        await people[0].SayAsync(room.RoomId, "two");

        await using var ear = await people[1].ListenAsync();

        var place = ear.Welcome.Rooms.Single(it => it.RoomId == room.RoomId);
        Assert.Equal(people[1].Me.Id, ear.Welcome.Me.Id);
        Assert.Contains(ear.Welcome.Rooms, it => it.Room!.General);
        Assert.Equal(2, place.Unread);
        Assert.Equal(place.LastSeq - 2, place.Mark);
        Assert.True(ear.Welcome.PeopleComplete);
        Assert.Contains(ear.Welcome.People, it => it.Id == people[0].Id);
        Assert.Equal(25_000, ear.Welcome.Heartbeat.IntervalMs);
        Assert.Equal(64 * 1024, ear.Welcome.Limits.FrameBytes);
    }

    [Fact]
    public async Task The_state_over_http_is_the_same()
    {
        var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();

        var state = await ana.GetAsync<Welcome>("/api/v1/state");

        Assert.Equal(ear.Welcome.Epoch, state.Epoch);
        Assert.Equal(ear.Welcome.PersonHead, state.PersonHead);
        Assert.Equal(ear.Welcome.Rooms.Select(it => (it.RoomId, it.Mark)), state.Rooms.Select(it => (it.RoomId, it.Mark)));
    }

    [Theory]
    [InlineData("{oops")]
    [InlineData("not json")]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"nope"}""")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a","body":"b"}""")]
    [InlineData("""{"type":"pong"}""")]
    [InlineData("""{"type":"hello","rooms":{"x":1}}""")]
    [InlineData("""{"type":"hello","rooms":7}""")]
    public async Task Anything_but_a_sound_hello_closes_4500(string first)
    {
        await using var socket = await RawSocket.ClientAsync(server.Address, await server.SignUpAsync());

        await socket.SayAsync(first);

        Assert.Equal(CloseCode.Protocol, await socket.ClosedAsync());
    }

    [Fact]
    public async Task A_hello_with_more_than_500_rooms_closes_4500()
    {
        await using var ear = await Ear.ConnectAsync(server.Address, (await server.SignUpAsync()).Token!);

        await ear.SendAsync(new Hello(null, null, null, Enumerable.Range(1, 501).ToDictionary(it => (long)it, _ => 1L)));

        Assert.Equal(CloseCode.Protocol, await ear.ClosedAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("olha.v9")]
    public async Task Without_a_common_version_the_socket_closes_4504(string? protocol)
    {
        var ana = await server.SignUpAsync();
        (string, string)[] headers = protocol is null ? [] : [("Sec-WebSocket-Protocol", protocol)];
        await using var socket = await RawSocket.OpenAsync(
            server.Address, "/api/v1/socket", [("Authorization", $"Bearer {ana.Token}"), .. headers]);

        Assert.Equal(101, socket.Status);
        Assert.Equal(CloseCode.Version, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Without_a_session_there_is_no_upgrade()
    {
        await using var none = await RawSocket.OpenAsync(server.Address, "/api/v1/socket", ("Sec-WebSocket-Protocol", "olha.v1"));
        await using var unknown = await RawSocket.OpenAsync(
            server.Address, "/api/v1/socket", ("Sec-WebSocket-Protocol", "olha.v1"), ("Authorization", "Bearer " + new string('A', 43)));

        Assert.Equal(401, none.Status);
        Assert.Equal(401, unknown.Status);
    }

    [Theory]
    [InlineData("http://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("http://127.0.0.1", 403)] // another port is another origin
    [InlineData(null, 101)] // no browser
    public async Task Another_origin_is_refused_before_the_upgrade(string? origin, int status)
    {
        var ana = await server.SignUpAsync();
        foreach (var path in (string[])["/api/v1/socket", $"/api/ws/{ana.Id}"])
        {
            (string, string)[] from = origin is null ? [] : [("Origin", origin)];
            await using var socket = await RawSocket.OpenAsync(server.Address, path, [("Cookie", $"olha_session={ana.Token}"), .. from]);
            Assert.Equal(status, socket.Status);
        }
    }

    [Fact]
    public async Task The_servers_own_page_may_open_both_sockets()
    {
        var ana = await server.SignUpAsync();
        foreach (var path in (string[])["/api/v1/socket", $"/api/ws/{ana.Id}"])
        {
            await using var socket = await RawSocket.OpenAsync(
                server.Address, path, ("Cookie", $"olha_session={ana.Token}"), ("Origin", $"http://{server.Address.Authority}"));
            Assert.Equal(101, socket.Status);
        }
    }

    [Fact]
    public async Task A_plain_request_is_told_that_a_socket_is_spoken_here()
    {
        var ana = await server.SignUpAsync();

        Assert.Equal("no_upgrade", (await ana.RefusedAsync(HttpMethod.Get, "/api/v1/socket")).Code);
        Assert.Equal("no_upgrade", (await ana.RefusedAsync(HttpMethod.Get, $"/api/ws/{ana.Id}")).Code);
    }

    [Fact]
    public async Task A_second_hello_is_refused_and_the_socket_stays()
    {
        var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();

        await ear.SendAsync(new Hello(null, null, null, null));

        Assert.Equal("hello", (await ear.NextAsync<Refused>()).Of);
        await ana.SayAsync(1, "still here");
        await ear.NextAsync<MessageChange>(it => it.Message.Body == "still here");
    }
}
