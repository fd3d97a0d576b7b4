using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Messages;
using Olha.Storage;

namespace Olha.Server.Tests.Messages;

[Trait(ChatServer.Inside, "calls what bans call")]
public sealed class RemoveMessagesTests(ChatServer server) : IClassFixture<ChatServer>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_done_when_it_completes_and_twice_is_no_error()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var others = await bruno.SayAsync(room.RoomId, "bruno's");
        for (var i = 0; i < 3; i++) await ana.SayAsync(room.RoomId, $"{i}");

        await server.Get<RemoveMessages>().RunAsync(ana.Id, bruno.Id, Ct);
        var after = await bruno.HistoryAsync(room.RoomId);
        await server.Get<RemoveMessages>().RunAsync(ana.Id, bruno.Id, Ct);

        Assert.Equal("bruno's", Assert.Single(after, it => it is { Kind: MessageKind.Text, DeletedAt: null }).Body);
        Assert.Equal(others.Seq, Assert.Single(after, it => it is { Kind: MessageKind.Text, DeletedAt: null }).Seq);
        Assert.Equal(after, await bruno.HistoryAsync(room.RoomId), (one, other) => one.Rev == other.Rev);
        await ana.SayAsync(room.RoomId, "what is said later stays");
        foreach (var person in people) person.Dispose();
    }

    [Fact]
    public async Task What_a_stop_interrupts_goes_on_at_the_next_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        long roomId, head;
        Person me;
        string token;
        await using (var app = await StartAsync(database))
        {
            using (var stranger = new Client(AddressOf(app)))
            {
                var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody("ana", Guest.Password, Bearer: true));
                (me, token) = (answer.Me, answer.Token!);
            }
            using (var ana = new Guest(AddressOf(app), me, token))
            {
                roomId = (await ana.CreateRoomAsync()).RoomId;
                await ana.SayAsync(roomId, "not for long");
                head = (await ana.PlaceAsync(roomId)).Head;
            }
            var removals = app.Services.GetRequiredService<RemovalStore>();
            await app.Services.GetRequiredService<Database>().WriteAsync(tx => removals.AddAsync(tx, me.Id, null, DateTimeOffset.UtcNow), Ct);
            await app.StopAsync(Ct);
        }

        await using var again = await StartAsync(database);
        var epoch = again.Services.GetRequiredService<Database>().Epoch;
        await using (var ear = await Ear.OpenAsync(AddressOf(again), token, new Hello(epoch, 0, 0, new Dictionary<long, long> { [roomId] = head })))
        {
            // It may have been done before the socket was there.
            await ear.NextAsync<object>(frame => (frame as RoomChanges)?.Changes.OfType<MessageChange>().Any(it => it.Message.DeletedAt is not null)
                ?? frame is MessageChange { Message.DeletedAt: not null });
        }
        await again.StopAsync(Ct);
    }

    [Fact]
    public async Task What_another_node_left_undone_is_done_without_a_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await StartAsync(database, new HastyClock(times: 300));
        using var stranger = new Client(AddressOf(app));
        var answer = await stranger.PostAsync<SessionAnswer>("/api/v1/users", new SignUpBody("ana", Guest.Password, Bearer: true));
        using var ana = new Guest(AddressOf(app), answer.Me, answer.Token!);
        var said = await ana.SayAsync(1, "not for long");

        // As a node that was killed behind this commit.
        var removals = app.Services.GetRequiredService<RemovalStore>();
        await app.Services.GetRequiredService<Database>().WriteAsync(tx => removals.AddAsync(tx, ana.Id, null, DateTimeOffset.UtcNow), Ct);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await ana.MessageAsync(1, said.Seq)).DeletedAt is null) await Task.Delay(20, patience.Token);
        await app.StopAsync(Ct);
    }

    static async Task<WebApplication> StartAsync(TestDatabase database, TimeProvider? clock = null)
    {
        var app = await ChatHost.BuildAsync(database.Apply(new ServerOptions
        {
            Port = 0, Bind = [IPAddress.Loopback], PasswordCost = 4, LogLevel = LogLevel.Error, DrainSeconds = 10,
        }), clock, Ct);
        await app.StartAsync(Ct);
        return app;
    }

    static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
