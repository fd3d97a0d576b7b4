using System.Net;
using Olha.Protocol;
using Olha.Server.Http;

namespace Olha.Server.Tests.Watch;

/// <summary><c>/ready</c> tells apart ready, degraded and why, and not ready.</summary>
public sealed class ReadyTests
{
    [Fact]
    [Trait(ChatServer.Inside, "makes something be wrong")]
    public async Task A_degraded_server_is_ready_and_says_why_to_those_who_watch_over_it()
    {
        await using var server = await ChatServer.StartAsync(static options => options);
        string? why = "The dog ate it.";
        server.Get<Conditions>().Add("eaten", () => why);
        using var client = server.Stranger();

        var degraded = await client.GetAsync<Readiness>("/ready");
        Assert.Equal((ReadyState.Degraded, new Condition("eaten", "The dog ate it.")), (degraded.Status, Assert.Single(degraded.Reasons!)));
        Assert.Equal(1, (await Scrape.OfAsync(server.Address))["olha_degraded", ("reason", "eaten")]);

        using var outside = await client.SendAsync(HttpMethod.Get, "/ready", null, ("X-Forwarded-For", "203.0.113.5"));
        Assert.Equal((HttpStatusCode.OK, """{"status":"degraded"}"""), (outside.StatusCode, await outside.Content.ReadAsStringAsync(Ct)));

        why = null;
        Assert.Equal(new Readiness(ReadyState.Ready), await client.GetAsync<Readiness>("/ready"));
        Assert.Equal(0, (await Scrape.OfAsync(server.Address))["olha_degraded", ("reason", "eaten")]);
    }

    [Fact]
    public async Task Who_cannot_store_is_degraded_until_it_can_again()
    {
        if (TestDatabase.IsPostgres) Assert.Skip("A lock on the file is SQLite's.");
        await using var database = await TestDatabase.CreateAsync();
        var file = Path.Combine(database.Folder, "olha.db");
        await using var program = RunningProgram.Start(database.Folder, new Dictionary<string, string> { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = file });
        using var client = new Client(await program.Address);
        var somebody = await client.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody(ChatServer.NewName(), Guest.Password, Bearer: true));
        using var ana = new Guest(client.Address, somebody.Me, somebody.Token!);

        await using (await ForeignLock.TakeAsync(file))
        {
            Assert.Equal("unavailable", (await ana.RefusedAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody("c1", "hello"))).Code);
            var degraded = await client.GetAsync<Readiness>("/ready");
            Assert.Equal((ReadyState.Degraded, "writes_failing"), (degraded.Status, Assert.Single(degraded.Reasons!).Reason));
            Assert.True((await Scrape.OfAsync(client.Address))["olha_db_commit_failures_total"] > 0);
        }

        await ana.SayAsync(1, "hello again");
        Assert.Equal(ReadyState.Ready, (await client.GetAsync<Readiness>("/ready")).Status);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
