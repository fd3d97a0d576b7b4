using Olha.Protocol;
using Olha.Server.Messages;

namespace Olha.Server.Tests.Messages;

public sealed class ReactionTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Reactions_say_who_in_the_order_in_which_they_came()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        var (ana, bruno, carla) = (people[0], people[1], people[2]);
        var said = await ana.SayAsync(room.RoomId, "done!");
        await using var ear = await ana.ListenAsync();

        await bruno.ReactAsync(room.RoomId, said.Seq, "🎉");
        await carla.ReactAsync(room.RoomId, said.Seq, "❤️");
        await ana.ReactAsync(room.RoomId, said.Seq, "🎉");
        await carla.ReactAsync(room.RoomId, said.Seq, "❤️", present: false);

        Assert.Equal($"🎉 {bruno.Id}", Told((await ear.NextAsync<MessageChange>()).Message));
        Assert.Equal($"🎉 {bruno.Id}, ❤️ {carla.Id}", Told((await ear.NextAsync<MessageChange>()).Message));
        Assert.Equal($"🎉 {bruno.Id} {ana.Id}, ❤️ {carla.Id}", Told((await ear.NextAsync<MessageChange>()).Message));
        Assert.Equal($"🎉 {bruno.Id} {ana.Id}", Told((await ear.NextAsync<MessageChange>()).Message));
        Assert.Equal($"🎉 {bruno.Id} {ana.Id}", Told(await bruno.MessageAsync(room.RoomId, said.Seq)));
        await ana.ReactAsync(room.RoomId, said.Seq, "🎉", present: false);
        await bruno.ReactAsync(room.RoomId, said.Seq, "🎉", present: false);
        Assert.Null((await bruno.MessageAsync(room.RoomId, said.Seq)).Reactions);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task The_same_again_changes_nothing()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var said = await people[0].SayAsync(room.RoomId, "x");
        var first = await people[0].ReactAsync(room.RoomId, said.Seq, "👍");

        Assert.Equal(first.Rev, (await people[0].ReactAsync(room.RoomId, said.Seq, "👍")).Rev);
        Assert.Equal(first.Rev, (await people[0].ReactAsync(room.RoomId, said.Seq, "👎", present: false)).Rev);
        Assert.Equal(first.Rev, (await people[0].PlaceAsync(room.RoomId)).Head);
        people[0].Dispose();
    }

    [Fact]
    public async Task Two_who_react_at_once_are_both_heard()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "a", "b", "c", "d", "e", "f");
        var said = await people[0].SayAsync(room.RoomId, "vote");

        await Task.WhenAll(people.Select(guest => guest.ReactAsync(room.RoomId, said.Seq, "👍")));

        var reaction = Assert.Single((await people[0].MessageAsync(room.RoomId, said.Seq)).Reactions!);
        Assert.Equal(people.Select(guest => guest.Id).Order(), reaction.UserIds.Order());
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task There_are_so_many_different_ones_and_no_more()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var said = await people[0].SayAsync(room.RoomId, "x");
        for (var i = 0; i < ReactToMessage.MostEmoji; i++) await people[0].ReactAsync(room.RoomId, said.Seq, char.ConvertFromUtf32(0x1F600 + i));

        var refused = await people[0].RefusedAsync(
            HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/reactions/{Uri.EscapeDataString("👍")}");

        Assert.Equal((409, "too_many_reactions", 20L), (refused.Status, refused.Code, refused.Params!["limit"]));
        await people[1].ReactAsync(room.RoomId, said.Seq, "😀"); // another of those that are there
        foreach (var guest in people) guest.Dispose();
    }

    [Theory]
    [InlineData("👍"), InlineData("👍🏽"), InlineData("❤️"), InlineData("👨‍👩‍👧‍👦"), InlineData("🏴󠁧󠁢󠁳󠁣󠁴󠁿"), InlineData("🇧🇷"), InlineData("5️⃣"), InlineData("ℹ️"), InlineData("↔️"), InlineData("‼️")]
    public void Emoji_are_reactions(string text) => Assert.True(Emoji.IsOne(text));

    [Theory]
    [InlineData(""), InlineData("a"), InlineData("5"), InlineData("ok 👍"), InlineData("<b>"), InlineData("\u200D"), InlineData("👍\n"), InlineData("漢")]
    [InlineData("👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍")]
    public void Anything_else_is_not(string text) => Assert.False(Emoji.IsOne(text));

    [Fact]
    public async Task What_is_no_emoji_is_refused()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var said = await people[0].SayAsync(room.RoomId, "x");

        var refused = await people[0].RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/reactions/lol");

        Assert.Equal((400, "invalid_emoji"), (refused.Status, refused.Code));
        people[0].Dispose();
    }

    static string Told(Message message) => string.Join(", ", message.Reactions!.Select(it => $"{it.Emoji} {string.Join(' ', it.UserIds)}"));
}
