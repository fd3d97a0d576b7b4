using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

public sealed class DeleteTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_deleted_message_keeps_its_place_and_nothing_else()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var parent = await bruno.SayAsync(room.RoomId, "asked");
        var said = await ana.AnswerAsync(room.RoomId, parent.Seq, $"sceret @{bruno.Username}");
        await ana.EditAsync(room.RoomId, said.Seq, $"secret @{bruno.Username}");
        await bruno.ReactAsync(room.RoomId, said.Seq, "👍");
        await bruno.PutAsync<Message>($"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/pin", null);
        await using var ear = await bruno.ListenAsync();
        Assert.Equal((1L, 1L), (ear.Welcome.Rooms.Single(it => it.RoomId == room.RoomId).Unread, ear.Welcome.Rooms.Single(it => it.RoomId == room.RoomId).Mentions));

        await ana.DeleteAsync(room.RoomId, said.Seq);

        var heard = (await ear.NextAsync<MessageChange>()).Message;
        Assert.NotNull(heard.DeletedAt);
        Assert.Equal(
            new Message(said.Id, room.RoomId, said.Seq, heard.Rev, ana.Id, heard.Cid, MessageKind.Text, null, null, said.CreatedAt, heard.EditedAt, heard.DeletedAt),
            heard);
        Assert.Equal(heard, await bruno.MessageAsync(room.RoomId, said.Seq));
        var place = await bruno.PlaceAsync(room.RoomId);
        Assert.Equal((0L, 0L), (place.Unread, place.Mentions));
        Assert.Empty((await bruno.GetAsync<FormerBodies>($"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/edits")).Bodies);
        Assert.Empty((await bruno.GetAsync<PinnedMessages>($"/api/v1/rooms/{room.RoomId}/pins")).Messages);
        Assert.DoesNotContain((await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages, it => it.Id == said.Id);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Twice_is_once()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var said = await people[0].SayAsync(room.RoomId, "gone");

        var first = await people[0].DeleteAsync(room.RoomId, said.Seq);

        Assert.Equal(first, await people[0].DeleteAsync(room.RoomId, said.Seq));
        Assert.Equal(first.Rev, (await people[0].PlaceAsync(room.RoomId)).Head);
        people[0].Dispose();
    }

    [Fact]
    public async Task A_tombstone_never_changes()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var ana = people[0];
        var said = await ana.SayAsync(room.RoomId, "gone");
        await ana.DeleteAsync(room.RoomId, said.Seq);
        var path = $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}";

        Assert.Equal("deleted", (await ana.RefusedAsync(HttpMethod.Patch, path, new EditBody("back"))).Code);
        Assert.Equal("deleted", (await ana.RefusedAsync(HttpMethod.Put, path + "/reactions/%F0%9F%91%8D")).Code);
        Assert.Equal("deleted", (await ana.RefusedAsync(HttpMethod.Put, path + "/pin")).Code);
        Assert.Equal("deleted", (await ana.RefusedAsync(HttpMethod.Put, path + "/saved")).Code);
        ana.Dispose();
    }

    [Fact]
    public async Task Whoever_manages_the_room_deletes_others_messages_and_nobody_else_does()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "creator", "bruno", "carla");
        var (creator, bruno, carla) = (people[0], people[1], people[2]);
        var said = await bruno.SayAsync(room.RoomId, "rude");
        var path = $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}";

        Assert.Equal("not_yours", (await carla.RefusedAsync(HttpMethod.Delete, path)).Code);
        Assert.NotNull((await creator.DeleteAsync(room.RoomId, said.Seq)).DeletedAt);
        Assert.Equal("forbidden", (await creator.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{room.RoomId}/messages/1")).Code);
        foreach (var guest in people) guest.Dispose();
    }
}
