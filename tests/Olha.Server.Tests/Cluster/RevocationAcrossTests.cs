using System.Diagnostics;
using Olha.Protocol;

namespace Olha.Server.Tests.Cluster;

/// <summary>Whoever is shut out at one node is out at the others: their sockets close and their requests are refused, within two seconds, and
/// within five while there is no Redis.</summary>
[Trait(ChatServer.Inside, "starts nodes of its own")]
public sealed class RevocationAcrossTests
{
    static readonly string[] s_ways = ["signed out", "ended from elsewhere", "password changed", "token revoked", "disabled", "banned"];

    public static TheoryData<bool> RedisIsThere => [true, false];

    [Theory]
    [MemberData(nameof(RedisIsThere))]
    public async Task Who_is_shut_out_at_one_node_is_out_at_the_other(bool redis)
    {
        await using var nodes = await Nodes.StartAsync();
        using var owner = await nodes.SignUpAsync("owner");
        if (!redis) await nodes.PartAsync();
        foreach (var way in s_ways) await ShutOutAsync(nodes, owner, way, TimeSpan.FromSeconds(redis ? 2 : 5));
    }

    [Fact]
    public async Task A_hint_that_is_lost_while_Redis_seems_well_makes_it_two_seconds_still()
    {
        await using var nodes = await Nodes.StartAsync(cabled: true);
        using var owner = await nodes.SignUpAsync("owner");
        Assert.Equal(2, nodes.Cable.Silence("SUBSCRIBE"));

        await ShutOutAsync(nodes, owner, "signed out", TimeSpan.FromSeconds(2));
    }

    [Theory]
    [MemberData(nameof(RedisIsThere))]
    public async Task Who_is_removed_from_a_room_at_one_node_hears_and_reads_nothing_more_at_the_other(bool redis)
    {
        await using var nodes = await Nodes.StartAsync();
        using var ana = await nodes.SignUpAsync();
        using var bruno = await nodes.SignUpAsync("bruno");
        var room = await ana.CreateRoomAsync(RoomKind.Closed);
        await ana.InviteAsync(room.RoomId, bruno);
        using var there = nodes.At(1, bruno);
        await using var far = await there.ListenAsync();
        if (!redis) await nodes.PartAsync();

        await ana.RemoveAsync(room.RoomId, bruno);
        var began = Stopwatch.GetTimestamp();
        Assert.Equal("not_found", (await there.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{room.RoomId}/messages")).Code);
        Assert.False((await far.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place.Joined);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(redis ? 2 : 5));
        await ana.SayAsync(room.RoomId, "he is gone");

        Assert.DoesNotContain(await far.AllAsync<MessageChange>(there), it => it.Message.Body == "he is gone");
    }

    [Theory]
    [MemberData(nameof(RedisIsThere))]
    public async Task What_an_administrator_sets_at_one_node_holds_at_the_other(bool redis)
    {
        await using var nodes = await Nodes.StartAsync();
        using var owner = await nodes.SignUpAsync("owner");
        using var ana = nodes.At(1, await nodes.SignUpAsync());
        if (!redis) await nodes.PartAsync();

        await owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(MessageLength: 3, Registration: Registration.Closed));

        var within = TimeSpan.FromSeconds(redis ? 2 : 5);
        var said = await RefusedWithinAsync(within, async () =>
        {
            using var answer = await ana.SendAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody(Guid.NewGuid().ToString("n"), "long"));
            return answer.IsSuccessStatusCode ? null : await answer.ProblemAsync();
        });
        Assert.Equal("too_long", said.Code);
        using var stranger = new Client(nodes.Address(1));
        Assert.Equal("registration_closed", (await stranger.RefusedAsync(HttpMethod.Post, "/api/v1/users", new SignUpBody("late", Guest.Password))).Code);
    }

    static async Task ShutOutAsync(Nodes nodes, Guest owner, string way, TimeSpan within)
    {
        using var bruno = await nodes.SignUpAsync("bruno");
        using var far = way == "token revoked" ? await ProgramAsync(nodes, bruno) : await nodes.AnotherDeviceAsync(1, bruno);
        await using var ear = await far.ListenAsync();
        await far.GetAsync<Person>("/api/v1/me");

        switch (way)
        {
            case "signed out":
                using (var near = nodes.At(0, far)) await near.DoneAsync(HttpMethod.Delete, "/api/v1/session");
                break;
            case "ended from elsewhere":
                await bruno.DoneAsync(HttpMethod.Delete, "/api/v1/sessions");
                break;
            case "password changed":
                await bruno.PutAsync<SessionAnswer>("/api/v1/me/password", new PasswordBody(Guest.Password, "another horse"));
                break;
            case "token revoked":
                var token = Assert.Single((await bruno.GetAsync<TokenList>("/api/v1/me/tokens")).Tokens);
                await bruno.DoneAsync(HttpMethod.Delete, $"/api/v1/me/tokens/{token.Id}");
                break;
            default:
                var state = way == "banned" ? PersonState.Banned : PersonState.Disabled;
                await owner.PatchAsync<Account>($"/api/v1/admin/people/{bruno.Id}", new AccountBody(State: state));
                break;
        }

        var began = Stopwatch.GetTimestamp();
        var refused = await RefusedWithinAsync(within, async () =>
        {
            using var answer = await far.SendAsync(HttpMethod.Get, "/api/v1/me");
            return answer.IsSuccessStatusCode ? null : await answer.ProblemAsync();
        });
        Assert.Equal((way, "no_session"), (way, refused.Code));
        Assert.Contains(await ear.ClosedAsync(), (CloseCode?[])[CloseCode.SessionEnded, way == "banned" ? CloseCode.Banned : CloseCode.SessionEnded]);
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.SendDiagnosticMessage($"{way}: out at the other node after {took.TotalMilliseconds:0} ms");
        Assert.True(took <= within, $"{way}: it took {took}");
    }

    static async Task<Guest> ProgramAsync(Nodes nodes, Guest guest)
    {
        var made = await guest.PostAsync<NewToken>("/api/v1/me/tokens", new NewTokenBody("a program", [Scope.Read]));
        return new Guest(nodes.Address(1), guest.Me, made.Token);
    }

    static async Task<Problem> RefusedWithinAsync(TimeSpan within, Func<Task<Problem?>> ask)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetElapsedTime(began);
            if (await ask() is { } refused) return refused;
            Assert.True(asked <= within, $"not refused {asked} later");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
