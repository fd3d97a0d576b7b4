using Olha.Protocol;
using Olha.Server.Cluster;
using Olha.Server.Configuration;
using Olha.Server.Live;

namespace Olha.Server.Tests.Cluster;

/// <summary>Nodes that share their PostgreSQL and nothing else.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class NotifyClusterTests : ClusterTests
{
    private protected override Task<Nodes> StartAsync() => Nodes.StartAsync(with: static it => it with { RedisUrl = null });

    private protected override async Task InterruptAsync() =>
        Assert.InRange(await NotifyTests.EndNoticesAsync(Nodes.Get<ServerOptions>(0).DatabaseUrl!), 0, 4);

    [Fact]
    public async Task Who_has_come_to_one_node_is_seen_at_the_other()
    {
        var (ana, bruno) = (await Nodes.SignUpAsync(), await Nodes.SignUpAsync("bruno"));
        await using var far = await Nodes.At(1, bruno).ListenAsync();

        await using var here = await ana.ListenAsync();

        await far.NextAsync<PresenceChange>(it => it.Online.Contains(ana.Id));
    }

    [Fact]
    public async Task What_is_said_is_heard_through_hints_and_not_only_by_comparing()
    {
        var ana = await Nodes.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var far = await Nodes.At(1, ana).ListenAsync();
        var (taken, found) = (Nodes.Get<NotifyBackplane>(1).Counts.Taken, Nodes.Get<HeadsWatch>(1).Found);

        for (var i = 0; i < 20; i++)
        {
            await ana.SayAsync(room.RoomId, $"line {i}");
            await far.NextAsync<MessageChange>(it => it.Message.Body == $"line {i}");
        }

        Assert.InRange(Nodes.Get<NotifyBackplane>(1).Counts.Taken - taken, 15, 100);
        Assert.InRange(Nodes.Get<HeadsWatch>(1).Found - found, 0, 10);
    }
}
