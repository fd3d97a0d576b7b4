using Olha.Protocol;

namespace Olha.Server.Tests.Cluster;

/// <summary>Two nodes are one server to whoever is at either, whatever carries their hints.</summary>
public abstract class ClusterTests : IAsyncLifetime
{
    private protected Nodes Nodes { get; private set; } = null!;

    private protected abstract Task<Nodes> StartAsync();

    /// <summary>Ends what the nodes hear each other by; they build it anew at once.</summary>
    private protected abstract Task InterruptAsync();

    public async ValueTask InitializeAsync() => Nodes = await StartAsync();

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();

    [Fact]
    public async Task What_is_said_at_one_node_is_heard_at_the_other_in_order()
    {
        var ana = await Nodes.SignUpAsync();
        var (there, room) = (Nodes.At(1, ana), await ana.CreateRoomAsync());
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
        var (ana, bruno) = (await Nodes.SignUpAsync(), await Nodes.SignUpAsync("bruno"));
        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await using var far = await Nodes.At(1, bruno).ListenAsync();

        await ana.InviteAsync(room.RoomId, bruno);
        Assert.True((await far.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place.Joined);
        await ana.SayAsync(room.RoomId, "welcome");

        await far.NextAsync<MessageChange>(it => it.Message.Body == "welcome");
    }

    [Fact]
    public async Task Who_is_removed_at_one_node_hears_nothing_more_at_the_other()
    {
        var (ana, bruno) = (await Nodes.SignUpAsync(), await Nodes.SignUpAsync("bruno"));
        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await ana.InviteAsync(room.RoomId, bruno);
        await using var far = await Nodes.At(1, bruno).ListenAsync();

        await ana.RemoveAsync(room.RoomId, bruno);
        Assert.False((await far.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place.Joined);
        await ana.SayAsync(room.RoomId, "he is gone");

        Assert.DoesNotContain(await far.AllAsync<MessageChange>(Nodes.At(1, bruno)), it => it.Message.Body == "he is gone");
    }

    [Fact]
    public async Task A_session_that_ends_at_one_node_closes_its_sockets_at_the_other()
    {
        var ana = await Nodes.SignUpAsync();
        await using var far = await Nodes.At(1, ana).ListenAsync();

        await ana.DoneAsync(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(CloseCode.SessionEnded, await far.ClosedAsync());
    }

    [Fact]
    public async Task A_lost_hint_is_found_by_comparing_heads()
    {
        var ana = await Nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await Nodes.At(1, ana).ListenAsync();

        // What is published until it is built again is gone.
        for (var i = 0; i < 20; i++)
        {
            await InterruptAsync();
            await ana.SayAsync(room.RoomId, $"line {i}");
        }

        for (var i = 0; i < 20; i++) await far.NextAsync<MessageChange>(it => it.Message.Body == $"line {i}");
    }
}
