using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

public sealed class PinTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task What_is_pinned_is_found_by_everybody_in_the_room()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var one = await ana.SayAsync(room.RoomId, "one");
        var two = await ana.SayAsync(room.RoomId, "two");
        await using var ear = await ana.ListenAsync();

        await PinAsync(bruno, room, one);
        await PinAsync(bruno, room, two);

        var heard = (await ear.NextAsync<MessageChange>()).Message;
        Assert.Equal((one.Seq, (long?)bruno.Id, true), (heard.Seq, heard.PinnedBy, heard.PinnedAt is not null));
        Assert.Equal([two.Seq, one.Seq], await PinnedAsync(ana, room));
        var again = await PinAsync(ana, room, one);
        Assert.Equal(heard.Rev, again.Rev); // it is already
        await ana.DeleteAsync<Message>($"/api/v1/rooms/{room.RoomId}/messages/{two.Seq}/pin");
        Assert.Equal([one.Seq], await PinnedAsync(bruno, room));
        using var stranger = await server.SignUpAsync("stranger");
        Assert.Equal("not_found", (await stranger.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{room.RoomId}/pins")).Code);
        foreach (var guest in people) guest.Dispose();
    }

    static Task<Message> PinAsync(Guest guest, Place room, Ack said) =>
        guest.PutAsync<Message>($"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/pin", null);

    static async Task<IEnumerable<long>> PinnedAsync(Guest guest, Place room) =>
        (await guest.GetAsync<PinnedMessages>($"/api/v1/rooms/{room.RoomId}/pins")).Messages.Select(it => it.Seq);
}
