using Olha.Protocol;

namespace Olha.Server.Tests.Cluster;

/// <summary>Nodes that share a Redis.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class RedisClusterTests : ClusterTests
{
    private protected override Task<Nodes> StartAsync() => Nodes.StartAsync();

    private protected override Task InterruptAsync() => Nodes.Redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");

    [Fact]
    public async Task Without_Redis_everything_is_heard_and_with_it_again_too()
    {
        var ana = await Nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await Nodes.At(1, ana).ListenAsync();

        await Nodes.Redis.KillAsync();
        await Nodes.HearAsync(live: false);
        for (var i = 0; i < 10; i++) await ana.SayAsync(room.RoomId, $"alone {i}");
        for (var i = 0; i < 10; i++) await far.NextAsync<MessageChange>(it => it.Message.Body == $"alone {i}");

        await Nodes.Redis.StartAsync();
        await Nodes.HearAsync();
        await ana.SayAsync(room.RoomId, "together");
        await far.NextAsync<MessageChange>(it => it.Message.Body == "together");
    }
}
