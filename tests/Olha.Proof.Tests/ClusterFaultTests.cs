namespace Olha.Proof.Tests;

/// <summary>The short forms of what is done to a cluster, a tenth of the full ones of <c>script/faults</c>. What is timed is only written down there.</summary>
[Collection(nameof(Alone)), Trait("Cluster", "faults")]
public sealed class ClusterFaultTests
{
    [Fact]
    public Task Whatever_Redis_does_people_hear_each_other() => KeptAsync(new RedisFault(), done: 30);

    [Fact]
    public Task PostgreSQL_may_die_and_hang_and_nothing_acknowledged_is_lost() => KeptAsync(new PostgresFault(), done: 53);

    [Fact]
    public Task A_net_that_breaks_is_made_up_for() => KeptAsync(new PartitionFault(), done: 2);

    [Fact]
    public Task Nodes_that_are_restarted_in_turn_show_nobody_an_error() => KeptAsync(new RollingRestart(), done: 5);

    [Fact]
    public Task A_node_whose_clock_is_wrong_changes_no_order_and_ends_no_session() => KeptAsync(new ClockFault(), done: 2);

    static async Task KeptAsync(IProof proof, double done) => Assert.Equal(done, (await Strained.RunAsync(proof, seed: 6)).Done);
}
