using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

/// <summary>Who has seen a message is told only where the owner has decided so. A server of its own: the setting is everybody's.</summary>
public sealed class ReceiptTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Nobody_is_told_until_the_owner_says_so()
    {
        using var owner = await server.SignUpAsync("owner"); // the first account of this server
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        var (ana, bruno, carla) = (people[0], people[1], people[2]);
        await using var ear = await ana.ListenAsync();
        var said = await ana.SayAsync(room.RoomId, "seen?");
        await ana.SayAsync(room.RoomId, "more");
        var path = $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/seen";
        var place = await bruno.PlaceAsync(room.RoomId);
        await bruno.PutAsync<ReadState>($"/api/v1/rooms/{room.RoomId}/read", new ReadBody(said.Seq, place.Mark));

        Assert.Equal((403, "receipts_off"), await CodeAsync(ana, HttpMethod.Get, path));
        Assert.Equal((403, "forbidden"), await CodeAsync(ana, HttpMethod.Patch, "/api/v1/settings", new SettingsBody(Receipts: true)));
        Assert.False(ear.Welcome.Settings.Receipts);
        var settings = await owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(Receipts: true));

        Assert.Equal(settings, (await ear.NextAsync<SettingsChange>()).Settings);
        Assert.Equal([bruno.Id], (await ana.GetAsync<SeenBy>(path)).UserIds);
        Assert.Equal([bruno.Id], (await carla.GetAsync<SeenBy>(path)).UserIds);
        Assert.Equal((404, "not_found"), await CodeAsync(ana, HttpMethod.Get, $"/api/v1/rooms/{room.RoomId}/messages/99/seen"));
        Assert.Equal((404, "not_found"), await CodeAsync(owner, HttpMethod.Get, path)); // the owner is not in this room
        Assert.Equal(settings, await owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(Receipts: true)));
        Assert.Equal((400, "invalid_name"), await CodeAsync(owner, HttpMethod.Patch, "/api/v1/settings", new SettingsBody(Name: " ")));
        Assert.Equal("Nossa casa", (await owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(Name: "Nossa casa"))).Name);
        foreach (var guest in people) guest.Dispose();
    }

    static async Task<(int, string)> CodeAsync(Guest guest, HttpMethod method, string path, object? body = null)
    {
        var problem = await guest.RefusedAsync(method, path, body);
        return (problem.Status, problem.Code);
    }
}
