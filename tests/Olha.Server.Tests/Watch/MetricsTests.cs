using Olha.Protocol;

namespace Olha.Server.Tests.Watch;

/// <summary>What people do shows in the metrics.</summary>
public sealed class MetricsTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task What_people_say_and_hear_is_counted()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        await using var brunos = await people[1].ListenAsync();
        await using var carlas = await people[2].ListenAsync();
        var before = await Scrape.OfAsync(server.Address);

        await brunos.SendAsync(new Post(room.RoomId, "c1", "one"));
        await people[0].SayAsync(room.RoomId, "two");
        await carlas.NextAsync<MessageChange>(it => it.Message.Body == "two");
        await brunos.NextAsync<MessageChange>(it => it.Message.Body == "two");

        var after = await UntilAsync(it => it["olha_delivery_lag_seconds_count"] > 0);
        Assert.Equal(2, Rise("olha_messages_total"));
        Assert.True(Rise("olha_deliveries_total") >= 4, "each was for both who listen");
        Assert.True(after["olha_people"] >= 2);
        Assert.True(after["olha_connections", ("door", "socket")] >= 2);
        Assert.True(after["olha_db_commit_duration_seconds_count"] > 0);
        Assert.True(after["olha_db_commit_units_sum"] >= after["olha_db_commit_units_count"]);
        Assert.Equal(after["olha_db_commit_duration_seconds_count"], after["olha_db_commit_duration_seconds_bucket", ("le", "+Inf")]);
        Assert.Equal(1, after["olha_build_info", ("version", CommandLine.ProgramVersion)]);
        Assert.True(after["dotnet_process_memory_working_set_bytes"] > 1 << 20);

        double Rise(string name) => after[name] - before[name];
    }

    [Fact]
    public async Task How_sockets_begin_and_end_is_counted()
    {
        using var ana = await server.SignUpAsync();
        var before = await Scrape.OfAsync(server.Address);
        string epoch;
        await using (var first = await ana.ListenAsync()) epoch = first.Welcome.Epoch;
        await using (await Ear.OpenAsync(server.Address, ana.Token!, new Hello(epoch, 1, 1, null))) { }
        await using (await Ear.OpenAsync(server.Address, ana.Token!, new Hello("another", 1, 1, null))) { }
        await using (var rude = await Ear.ConnectAsync(server.Address, ana.Token!))
        {
            await rude.SendAsync("no json");
            Assert.Equal(CloseCode.Protocol, await rude.ClosedAsync());
        }

        var after = await UntilAsync(it => it["olha_connections_closed_total"] - before["olha_connections_closed_total"] >= 4);
        Assert.Equal((1, 1, 1), (Rise("fresh"), Rise("resumed"), Rise("restarted")));
        Assert.Equal(1, after["olha_connections_closed_total", ("reason", "protocol")] - before["olha_connections_closed_total", ("reason", "protocol")]);
        Assert.Equal(4, after["olha_connections_opened_total"] - before["olha_connections_opened_total"]);

        double Rise(string kind) => after["olha_welcomes_total", ("kind", kind)] - before["olha_welcomes_total", ("kind", kind)];
    }

    [Fact]
    public async Task Refusals_are_counted_by_code_at_each_door_and_no_name_of_anybody_or_anything_is_told()
    {
        using var ana = await server.SignUpAsync();
        var room = await ana.CreateRoomAsync(name: "a room of nobody");
        await using var ear = await ana.ListenAsync();
        var before = await Scrape.OfAsync(server.Address);

        await ana.RefusedAsync(HttpMethod.Get, "/api/v1/rooms/987654321");
        await ear.SendAsync(new Post(room.RoomId, "not a cid", "hello"));
        await ear.NextAsync<Refused>();

        var after = await Scrape.OfAsync(server.Address);
        Assert.Equal((1, 1), (Rise("http", "not_found"), Rise("socket", "invalid_cid")));
        string[] free = ["code", "reason", "kind", "door", "http_route", "http_request_method", "error_type"];
        Assert.All(free.SelectMany(after.ValuesOf), value => Assert.False(value.Contains(ana.Username, StringComparison.Ordinal) || value.Contains("987654321", StringComparison.Ordinal), value));

        double Rise(string door, string code) => after[Refusals, ("door", door), ("code", code)] - before[Refusals, ("door", door), ("code", code)];
    }

    const string Refusals = "olha_refusals_total";

    async Task<Scrape> UntilAsync(Func<Scrape, bool> enough)
    {
        while (true)
        {
            var scrape = await Scrape.OfAsync(server.Address);
            if (enough(scrape)) return scrape;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
