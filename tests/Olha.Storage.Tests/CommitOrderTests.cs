using Olha.Storage.Postgres;

namespace Olha.Storage.Tests;

public sealed class CommitOrderTests
{
    [Fact]
    public async Task Who_commits_first_announces_first_whoever_hears_of_it_first()
    {
        var order = new CommitOrder();
        var heard = new List<string>();
        var (first, second, third) = (order.Enter(), order.Enter(), order.Enter());

        var late = order.LeaveAsync(third, () => heard.Add("third"));
        var middle = order.LeaveAsync(second, () => heard.Add("second"));
        Assert.Empty(heard);
        Assert.False(middle.IsCompleted);

        await order.LeaveAsync(first, () => heard.Add("first"));
        await Task.WhenAll(middle, late);
        Assert.Equal(["first", "second", "third"], heard);
    }

    [Fact]
    public async Task A_failed_commit_lets_those_behind_it_pass()
    {
        var order = new CommitOrder();
        var heard = 0;
        var (failed, waiting) = (order.Enter(), order.Enter());
        var announced = order.LeaveAsync(waiting, () => heard++);

        await order.LeaveAsync(failed, null);
        await announced;
        Assert.Equal(1, heard);
    }
}
