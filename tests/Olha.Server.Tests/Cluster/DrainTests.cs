using System.Diagnostics;
using System.Globalization;
using System.Net;
using Olha.Protocol;
using Olha.Testing;

namespace Olha.Server.Tests.Cluster;

/// <summary>A node of a cluster stops: it says so, serves on for a while, sends everybody away, finishes what it has, and ends.</summary>
[Trait(ChatServer.Inside, "needs PostgreSQL, whatever this run is about")]
public sealed class DrainTests : IAsyncLifetime
{
    static readonly TimeSpan s_allowed = TimeSpan.FromSeconds(10);

    NodePrograms _nodes = null!;
    RedisServer _redis = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        (_nodes, _redis) = (await NodePrograms.OnNewDatabaseAsync(), await RedisServer.StartNewAsync());

    public async ValueTask DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task It_says_so_first_and_serves_on_until_it_sends_everybody_away()
    {
        var going = Start(drainSeconds: 40); // a fifth of it is notice: time enough for all that is tried here
        using var ana = await NodePrograms.SignUpAsync(going, "ana");
        await using var ear = await ana.ListenAsync();
        await using var slow = await SlowPost.BeginAsync(ana, "slowly");

        going.Terminate();
        Assert.Contains("stopping", await UnreadyAsync(ana), StringComparison.Ordinal);

        await using (var late = await Ear.ConnectAsync(ana.Address, ana.Token!))
        {
            Assert.InRange((await late.NextAsync<Bye>()).RetryMs!.Value, 1, 10_000);
            Assert.Equal(CloseCode.Restart, await late.ClosedAsync());
        }
        using (var answer = await ana.SendAsync(HttpMethod.Get, "/api/v1/me")) Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.ConnectionClose));
        await ear.SendAsync(new Post(1, "notice", "said during the notice"));
        await ear.NextAsync<Ack>();
        Assert.Null(ear.Closed);

        Assert.Equal(CloseCode.Restart, await ear.ClosedAsync());
        Assert.InRange((await ear.NextAsync<Bye>()).RetryMs!.Value, 1, 10_000);
        Assert.StartsWith("HTTP/1.1 201", await slow.FinishAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (await going.EndedAsync()).Code);

        using var there = await NodePrograms.AtAsync(Start(drainSeconds: 10), ana);
        Assert.Equal(["said during the notice", "slowly"], (await there.HistoryAsync(1)).Where(it => it.Kind is MessageKind.Text).Select(it => it.Body));
    }

    [Fact]
    public async Task It_ends_within_its_time_and_with_zero_whoever_is_connected()
    {
        var going = Start(drainSeconds: 10);
        using var ana = await NodePrograms.SignUpAsync(going, "ana");
        await using var ear = await ana.ListenAsync();
        await using var deaf = await RawSocket.WelcomedAsync(ana.Address, ana); // never answers the close

        var began = Stopwatch.GetTimestamp();
        going.Terminate();

        Assert.Equal(CloseCode.Restart, await ear.ClosedAsync());
        Assert.Equal(0, (await going.EndedAsync()).Code);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, s_allowed);
    }

    [Fact]
    public async Task It_ends_within_its_time_when_the_database_does_not_answer()
    {
        var going = Start(drainSeconds: 5);
        using var ana = await NodePrograms.SignUpAsync(going, "ana");
        await using var ear = await ana.ListenAsync();
        await using (await _nodes.LockAsync("messages"))
        {
            await ear.SendAsync(new Post(1, "held-up", "said while nothing could be stored"));
            while (await _nodes.CountAsync("SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'messages'::regclass") == 0) await Task.Yield();

            var began = Stopwatch.GetTimestamp();
            going.Terminate();

            Assert.Equal(0, (await going.EndedAsync()).Code);
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, s_allowed);
            Assert.Contains("Stopped without the database's last answers", going.Said, StringComparison.Ordinal);
        }

        using var there = await NodePrograms.AtAsync(Start(drainSeconds: 10), ana);
        await using var again = await there.ListenAsync();
        await again.SendAsync(new Post(1, "held-up", "said while nothing could be stored"));
        await again.NextAsync<Ack>();
        Assert.Single(await there.HistoryAsync(1), static it => it.Kind is MessageKind.Text);
    }

    RunningProgram Start(int drainSeconds) =>
        _nodes.Start(("REDIS_URL", _redis.Url), ("DRAIN_SECONDS", drainSeconds.ToString(CultureInfo.InvariantCulture)));

    static async Task<string> UnreadyAsync(Guest at)
    {
        while (true)
        {
            using var answer = await at.SendAsync(HttpMethod.Get, "/ready");
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable) return await answer.Content.ReadAsStringAsync(Ct);
            await Task.Delay(10, Ct);
        }
    }
}
