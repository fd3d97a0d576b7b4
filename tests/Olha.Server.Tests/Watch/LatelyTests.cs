using Olha.Protocol;

namespace Olha.Server.Tests.Watch;

/// <summary>What administrators see of the last minutes.</summary>
public sealed class LatelyTests(OwnedServer owned) : IClassFixture<OwnedServer>
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_owner_sees_what_people_did_since_the_last_look()
    {
        using var bruno = await owned.SomebodyAsync(Role.Member);
        await using var ear = await bruno.ListenAsync();
        var before = await owned.Owner.GetAsync<Lately>("/api/v1/admin/lately");
        for (var i = 0; i < 10; i++) await owned.Owner.SayAsync(1, $"message {i}");
        await ear.NextAsync<MessageChange>(it => it.Message.Body == "message 9");

        var since = before.Moments.Count > 0 ? before.Moments[^1].At : DateTimeOffset.MinValue;
        var moments = await AfterAsync(since, static it => it.Sum(moment => moment.Messages) > 0 && it[^1].Messages == 0);

        Assert.InRange(moments.Sum(static it => it.Messages) * before.IntervalMs / 1000, 9, 11.5);
        Assert.True(moments.Sum(static it => it.Deliveries) >= moments.Sum(static it => it.Messages));
        Assert.Contains(moments, static it => it is { CommitP50: > 0, CommitP99: > 0 } && it.CommitP50 <= it.CommitP99);
        Assert.All(moments, static it => Assert.True(it.MemoryBytes > 1 << 20));
        Assert.Contains(moments, static it => it is { People: >= 1, Connections: >= 1 });
        Assert.Empty(before.Conditions);
    }

    [Fact]
    public async Task Nobody_else_sees_it()
    {
        using var bruno = await owned.SomebodyAsync(Role.Member);

        Assert.Equal("forbidden", (await bruno.RefusedAsync(HttpMethod.Get, "/api/v1/admin/lately")).Code);
    }

    async Task<List<Moment>> AfterAsync(DateTimeOffset at, Func<List<Moment>, bool> enough)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (true)
        {
            var path = at == DateTimeOffset.MinValue ? "/api/v1/admin/lately" : $"/api/v1/admin/lately?after={Uri.EscapeDataString(at.ToString("O"))}";
            List<Moment> moments = [.. (await owned.Owner.GetAsync<Lately>(path)).Moments];
            if (moments.Count > 0 && enough(moments)) return moments;
            await Task.Delay(200, patience.Token);
        }
    }
}
