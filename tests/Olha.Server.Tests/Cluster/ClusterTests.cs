using Olha.Protocol;

namespace Olha.Server.Tests.Cluster;

/// <summary>Two nodes are one server to whoever is at either.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class ClusterTests : IAsyncLifetime
{
    Nodes _nodes = null!;

    public async ValueTask InitializeAsync() => _nodes = await Nodes.StartAsync();

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task What_is_said_at_one_node_is_heard_at_the_other_in_order()
    {
        var ana = await _nodes.SignUpAsync();
        var (there, room) = (_nodes.At(1, ana), await ana.CreateRoomAsync());
        await using var here = await ana.ListenAsync();
        await using var far = await there.ListenAsync();

        for (var i = 0; i < 50; i++) await (i % 2 == 0 ? ana : there).SayAsync(room.RoomId, $"line {i}");

        foreach (var ear in (Ear[])[here, far])
            for (var i = 0; i < 50; i++)
                Assert.Equal($"line {i}", (await ear.NextAsync<MessageChange>(it => it.Message.System is null)).Message.Body);
    }

    [Fact]
    public async Task Who_is_invited_at_one_node_hears_the_room_at_the_other()
    {
        var (ana, bruno) = (await _nodes.SignUpAsync(), await _nodes.SignUpAsync("bruno"));
        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await using var far = await _nodes.At(1, bruno).ListenAsync();

        await ana.InviteAsync(room.RoomId, bruno);
        Assert.True((await far.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place.Joined);
        await ana.SayAsync(room.RoomId, "welcome");

        await far.NextAsync<MessageChange>(it => it.Message.Body == "welcome");
    }

    [Fact]
    public async Task Who_is_removed_at_one_node_hears_nothing_more_at_the_other()
    {
        var (ana, bruno) = (await _nodes.SignUpAsync(), await _nodes.SignUpAsync("bruno"));
        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await ana.InviteAsync(room.RoomId, bruno);
        await using var far = await _nodes.At(1, bruno).ListenAsync();

        await ana.RemoveAsync(room.RoomId, bruno);
        Assert.False((await far.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place.Joined);
        await ana.SayAsync(room.RoomId, "he is gone");

        Assert.DoesNotContain(await far.AllAsync<MessageChange>(_nodes.At(1, bruno)), it => it.Message.Body == "he is gone");
    }

    [Fact]
    public async Task A_session_that_ends_at_one_node_closes_its_sockets_at_the_other()
    {
        var ana = await _nodes.SignUpAsync();
        await using var far = await _nodes.At(1, ana).ListenAsync();

        await ana.DoneAsync(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(CloseCode.SessionEnded, await far.ClosedAsync());
    }

    [Fact]
    public async Task Without_Redis_everything_is_heard_and_with_it_again_too()
    {
        var ana = await _nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await _nodes.At(1, ana).ListenAsync();

        await _nodes.Redis.KillAsync();
        await _nodes.HearAsync(live: false);
        for (var i = 0; i < 10; i++) await ana.SayAsync(room.RoomId, $"alone {i}");
        for (var i = 0; i < 10; i++) await far.NextAsync<MessageChange>(it => it.Message.Body == $"alone {i}");

        await _nodes.Redis.StartAsync();
        await _nodes.HearAsync();
        await ana.SayAsync(room.RoomId, "together");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "together");
    }

    [Fact]
    public async Task A_lost_hint_is_found_by_comparing_heads()
    {
        var ana = await _nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await _nodes.At(1, ana).ListenAsync();

        // The subscriptions are cut and built again at once; what was published in between is gone.
        for (var i = 0; i < 20; i++)
        {
            await _nodes.Redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await ana.SayAsync(room.RoomId, $"line {i}");
        }

        for (var i = 0; i < 20; i++) await far.NextAsync<MessageChange>(it => it.Message.Body == $"line {i}");
    }
}
