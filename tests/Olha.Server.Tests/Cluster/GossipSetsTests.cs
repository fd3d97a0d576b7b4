using Microsoft.Extensions.Time.Testing;
using Olha.Server.Cluster;

namespace Olha.Server.Tests.Cluster;

public sealed class GossipSetsTests
{
    const string Set = "presence";

    readonly FakeTimeProvider _clock = new();
    readonly GossipSets _here;
    readonly GossipSets _there;

    public GossipSetsTests() => (_here, _there) = (new GossipSets(_clock), new GossipSets(_clock));

    [Fact]
    public void Members_are_known_to_all_until_their_time_is_over()
    {
        _here.Keep(Set, 1, TimeSpan.FromSeconds(15));
        Tell(_here, _there, node: 7);
        Assert.Equal([1], MembersOf(_there));

        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal([1], MembersOf(_there));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(MembersOf(_there));
        Assert.Empty(MembersOf(_here));
    }

    [Fact]
    public void Who_is_kept_by_one_node_no_longer_may_still_be_by_another()
    {
        foreach (var node in (long[])[7, 8])
        {
            _here.Keep(Set, 1, TimeSpan.FromSeconds(15));
            Tell(_here, _there, node);
        }
        _here.Keep(Set, 1, TimeSpan.Zero);
        Tell(_here, _there, node: 7);
        Assert.Equal([1], MembersOf(_there));

        Tell(_here, _there, node: 8, again: (1, TimeSpan.Zero));
        Assert.Empty(MembersOf(_there));
    }

    [Fact]
    public void What_was_told_is_told_again_when_somebody_asks_with_the_time_that_is_left()
    {
        _here.Keep(Set, 1, TimeSpan.FromSeconds(15));
        _here.TakeUntold();
        Assert.Empty(_here.TakeUntold());
        _clock.Advance(TimeSpan.FromSeconds(10));

        _here.TellAllAgain();
        Tell(_here, _there, node: 7);

        Assert.Equal([1], MembersOf(_there));
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(MembersOf(_there));
    }

    [Fact]
    public void Nobody_is_kept_for_longer_than_a_minute_whatever_is_told()
    {
        _there.Hear(7, Set, [new Kept(1, int.MaxValue)]);

        _clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Empty(MembersOf(_there));
    }

    static void Tell(GossipSets from, GossipSets to, long node, (long Member, TimeSpan Time)? again = null)
    {
        if (again is var (member, time)) from.Keep(Set, member, time);
        foreach (var (set, members) in from.TakeUntold()) to.Hear(node, set, members);
    }

    static List<long> MembersOf(GossipSets sets)
    {
        var members = new List<long>();
        sets.Members(Set, members);
        return [.. members.Distinct()];
    }
}
