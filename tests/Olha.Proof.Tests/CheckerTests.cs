namespace Olha.Proof.Tests;

/// <summary>The checker in short: a few seeds against the real program, whose connections break all the time.</summary>
public sealed class CheckerTests(ITestOutputHelper output)
{
    static readonly PlanOptions s_short = new(Seconds: 4);

    // 1, 12 and 13 were red: what a welcome contained came again behind it.
    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(13)]
    public Task On_SQLite_every_promise_is_kept(int seed) => CheckAsync((ulong)seed, postgres: null);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task On_PostgreSQL_every_promise_is_kept(int seed)
    {
        var postgres = Environment.GetEnvironmentVariable("OLHA_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(postgres), "OLHA_TEST_POSTGRES names no server.");
        return CheckAsync((ulong)seed, postgres);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task On_two_nodes_every_promise_is_kept(int seed)
    {
        await using var ground = await ClusterGround.MakeAsync(nodes: 2);
        await CheckAsync((ulong)seed, plan => Check.RunOnClusterAsync(plan, Programs.UnderTest, ground, TestContext.Current.CancellationToken));
    }

    Task CheckAsync(ulong seed, string? postgres) =>
        CheckAsync(seed, plan => Check.RunAsync(plan, Programs.UnderTest, postgres, TestContext.Current.CancellationToken));

    async Task CheckAsync(ulong seed, Func<Plan, Task<Checked>> check)
    {
        var plan = PlanMaker.Make(seed, s_short);

        var (ran, violations) = await check(plan);

        var tally = Tally.Of(ran);
        output.WriteLine(tally.ToString());
        if (violations.Count > 0)
            Assert.Fail(
                $"""
                Seed {seed}: {violations.Count} violations; the plan is kept: {await Check.KeepAsync(plan, $"seed-{seed}")}
                {string.Join('\n', violations.Take(10).Select(static it => $"I{it.Invariant}: {it.Said}"))}
                {Timeline.Of(ran.Run, violations[0])}
                """);
        // A run in which little happened proves little.
        Assert.True(tally.Acknowledged > 300 && tally.Cuts > 10 && tally.Resumed > 5 && tally.Deliveries > 2000, tally.ToString());
    }
}
