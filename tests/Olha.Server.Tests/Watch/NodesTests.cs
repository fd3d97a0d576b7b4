using Olha.Protocol;

namespace Olha.Server.Tests.Watch;

/// <summary>A server that is one node answers with itself.</summary>
public sealed class NodesTests(OwnedServer owned) : IClassFixture<OwnedServer>
{
    [Fact]
    public async Task The_owner_sees_the_node_that_there_is()
    {
        await using var ear = await owned.Owner.ListenAsync();

        var list = await owned.Owner.GetAsync<NodeList>("/api/v1/admin/nodes");

        var node = Assert.Single(list.Nodes);
        Assert.Equal((list.Self, (double?)null), (node.State.Id, node.HeardMs));
        Assert.Empty(node.Links);
        Assert.Equal(TestDatabase.IsPostgres ? BackplaneKind.Postgres : BackplaneKind.None, node.State.Backplane.Kind);
        Assert.Equal((ReadyState.Ready, 0), (node.State.Status, node.State.Reasons.Count));
        Assert.Equal(owned.Server.Address, new Uri(node.State.Address!));
        Assert.EndsWith($":{owned.Server.Address.Port}", node.State.Name, StringComparison.Ordinal);
        Assert.Equal(CommandLine.ProgramVersion, node.State.Version);
        Assert.InRange(node.State.DatabaseMs!.Value, 0.001, 2000);
        Assert.True(node.State is { People: >= 1, Connections: >= 1 });
    }

    [Fact]
    public async Task Nobody_else_sees_it()
    {
        using var bruno = await owned.SomebodyAsync(Role.Member);

        Assert.Equal("forbidden", (await bruno.RefusedAsync(HttpMethod.Get, "/api/v1/admin/nodes")).Code);
    }
}
