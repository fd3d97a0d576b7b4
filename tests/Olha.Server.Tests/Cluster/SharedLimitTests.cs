using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Gateway;

namespace Olha.Server.Tests.Cluster;

/// <summary>What was used up of a limit at one node counts at the others; without Redis each limits alone.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class SharedLimitTests
{
    const int General = 1;
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static TheoryData<bool> RedisIsThere => [true, false];

    [Theory]
    [MemberData(nameof(RedisIsThere))]
    public async Task What_somebody_says_at_one_node_counts_at_the_other(bool redis)
    {
        const int Burst = 30;
        await using var nodes = await StartAsync(redis, static it => it with { MessagesPerSecond = 0.05, MessageBurst = Burst });
        using var ana = await nodes.SignUpAsync();
        using var there = nodes.At(1, ana);
        for (var i = 0; i < Burst; i++) await ana.SayAsync(General, $"{i}");

        var more = await UntilRefusedAsync(Burst + 5, () => TryAsync(there, $"/api/v1/rooms/{General}/messages", new DraftBody(Guid.NewGuid().ToString("n"), "more")));

        AssertShared(redis, more, Burst);
    }

    [Theory]
    [MemberData(nameof(RedisIsThere))]
    public async Task Tries_from_one_address_count_at_every_node(bool redis)
    {
        const int Tries = 20;
        await using var nodes = await StartAsync(redis, static it => it with { LoginsPerMinute = Tries });
        using var here = new Client(nodes.Address(0));
        using var there = new Client(nodes.Address(1));
        for (var i = 0; i < Tries; i++) Assert.Equal("wrong_credentials", await GuessAsync(here, $"nobody{i}"));

        var more = await UntilRefusedAsync(Tries + 5, async () => await GuessAsync(there, $"none{Guid.NewGuid():n}") == "too_fast");

        AssertShared(redis, more, Tries);
    }

    [Theory]
    [MemberData(nameof(RedisIsThere))]
    public async Task Guesses_of_one_accounts_password_count_at_every_node_and_the_right_one_ends_that(bool redis)
    {
        const int Free = 5;
        await using var nodes = await StartAsync(redis, static it => it);
        using var ana = await nodes.SignUpAsync();
        using var here = new Client(nodes.Address(0));
        using var there = new Client(nodes.Address(1));
        var failed = 0;
        // Seven: the next try waits for two seconds or more, long enough to hear of it.
        while (failed < Free + 2)
            if (await GuessAsync(here, ana.Username) == "wrong_credentials") failed++;

        var more = await UntilRefusedAsync(Free + 5, async () => await GuessAsync(there, ana.Username) == "too_fast");
        AssertShared(redis, more, Free);
        if (!redis) return;

        await UntilAsync(async () =>
        {
            using var answer = await there.SendAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(ana.Username, Guest.Password));
            return answer.IsSuccessStatusCode;
        });
        // After seven failures a single guess may come through because its wait is over; so many in a row only when all are forgotten.
        await UntilAsync(async () =>
        {
            for (var i = 0; i < Free; i++)
                if (await GuessAsync(here, ana.Username) != "wrong_credentials") return false;
            return true;
        });
    }

    [Fact]
    public async Task Sockets_at_one_node_count_at_the_other_until_they_are_closed_or_the_node_is_gone()
    {
        await using var nodes = await StartAsync(redis: true, static it => it with { ConnectionsPerUser = 3 });
        using var ana = await nodes.SignUpAsync();
        using var there = nodes.At(1, ana);
        var limits = nodes.Get<ConnectionLimits>(1);
        var ears = new List<Ear>();
        for (var i = 0; i < 3; i++) ears.Add(await ana.ListenAsync());

        await UntilAsync(() => Task.FromResult(!MayEnter(limits, ana)));
        await using (var refused = await Ear.ConnectAsync(there.Address, there.Token!)) Assert.Equal(CloseCode.TooManyConnections, await refused.ClosedAsync());

        await ears[0].DisposeAsync();
        await UntilAsync(() => Task.FromResult(MayEnter(limits, ana)));
        await using (await there.ListenAsync()) { }

        // As when a node dies: nothing more is heard of what it held.
        await UntilAsync(() => Task.FromResult(MayEnter(nodes.Get<ConnectionLimits>(0), ana)));
        ears[0] = await ana.ListenAsync();
        await UntilAsync(() => Task.FromResult(!MayEnter(limits, ana)));
        await nodes.PartAsync();
        await UntilAsync(() => Task.FromResult(MayEnter(limits, ana)));
        foreach (var ear in ears) await ear.DisposeAsync();
    }

    static bool MayEnter(ConnectionLimits limits, Guest guest)
    {
        if (limits.Enter(guest.Id) is not null) return false;
        limits.Leave(guest.Id);
        return true;
    }

    static async Task<Nodes> StartAsync(bool redis, Func<ServerOptions, ServerOptions> with)
    {
        var nodes = await Nodes.StartAsync(with: with);
        if (!redis) await nodes.PartAsync();
        return nodes;
    }

    static async Task<string> GuessAsync(Client client, string name) =>
        (await client.RefusedAsync(HttpMethod.Post, "/api/v1/sessions", new SignInBody(name, "guessed wrong"))).Code;

    static async Task<bool> TryAsync(Client client, string path, object body)
    {
        using var answer = await client.SendAsync(HttpMethod.Post, path, body);
        if (answer.IsSuccessStatusCode) return false;
        Assert.Equal("too_fast", (await answer.ProblemAsync()).Code);
        return true;
    }

    /// <summary>How many tries, ten a second, went through before one was refused.</summary>
    static async Task<int> UntilRefusedAsync(int most, Func<Task<bool>> isRefused)
    {
        for (var i = 0; i < most; i++)
        {
            if (await isRefused()) return i;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        return most;
    }

    static void AssertShared(bool redis, int more, int limit)
    {
        if (redis) Assert.InRange(more, 0, Math.Min(limit - 1, 10)); // tenths of a second
        else Assert.InRange(more, limit, limit + 4); // a little comes back meanwhile
    }

    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!await isSo()) await Task.Delay(50, patience.Token);
    }
}
