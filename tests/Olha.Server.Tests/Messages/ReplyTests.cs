using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

public sealed class ReplyTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_reply_names_its_parent_and_means_the_parents_author()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var parent = await ana.SayAsync(room.RoomId, "who comes?");
        await using var ear = await ana.ListenAsync();
        await using var mouth = await bruno.ListenAsync();

        await mouth.SendAsync(new Post(room.RoomId, "reply-1", "me", parent.Seq));

        var heard = (await ear.NextAsync<MessageChange>()).Message;
        Assert.Equal(("me", new ReplyTo(parent.Seq, ana.Id)), (heard.Body, heard.ReplyTo));
        Assert.Equal(1, (await ana.PlaceAsync(room.RoomId)).Mentions);
        Assert.Equal(heard, Assert.Single((await ana.GetAsync<FoundMessages>("/api/v1/me/replies")).Messages));
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Answering_oneself_means_nobody()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var parent = await people[0].SayAsync(room.RoomId, "one");
        await people[0].AnswerAsync(room.RoomId, parent.Seq, "two");

        Assert.Empty((await people[0].GetAsync<FoundMessages>("/api/v1/me/replies")).Messages);
        Assert.Equal(0, (await people[0].PlaceAsync(room.RoomId)).Mentions);
        people[0].Dispose();
    }

    [Fact]
    public async Task A_page_brings_the_parents_that_lie_outside_of_it_in_their_present_form()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var ana = people[0];
        var parent = await ana.SayAsync(room.RoomId, "far away");
        for (var i = 0; i < 3; i++) await ana.SayAsync(room.RoomId, $"between {i}");
        var inside = await ana.SayAsync(room.RoomId, "near");
        await ana.AnswerAsync(room.RoomId, parent.Seq, "to the far one");
        await ana.AnswerAsync(room.RoomId, inside.Seq, "to the near one");
        await ana.DeleteAsync(room.RoomId, parent.Seq);

        var page = await ana.GetAsync<MessagePage>($"/api/v1/rooms/{room.RoomId}/messages?limit=3");

        var brought = Assert.Single(page.Parents!);
        Assert.Equal((parent.Seq, null), (brought.Seq, brought.Body));
        Assert.NotNull(brought.DeletedAt);
        Assert.Null((await ana.GetAsync<MessagePage>($"/api/v1/rooms/{room.RoomId}/messages?limit=200")).Parents);
        ana.Dispose();
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(99), InlineData(long.MaxValue)]
    public async Task What_is_not_there_cannot_be_answered(long seq)
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var before = await people[0].PlaceAsync(room.RoomId);

        var refused = await people[0].RefusedAsync(
            HttpMethod.Post, $"/api/v1/rooms/{room.RoomId}/messages", new DraftBody($"no-{seq}", "hm", seq));

        Assert.Equal((400, "invalid_reply"), (refused.Status, refused.Code));
        Assert.Equal(before, await people[0].PlaceAsync(room.RoomId));
        people[0].Dispose();
    }
}
