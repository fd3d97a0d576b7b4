using Olha.Protocol;
using Olha.Server.Messages;

namespace Olha.Server.Tests.Messages;

public sealed class MentionTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Theory]
    [InlineData("hi @ana and @bruno", "ana bruno")]
    [InlineData("@ana @ana", "ana")]
    [InlineData("(@ana), @joão.silva!", "ana joão.silva")]
    [InlineData("_@ana_ **@bruno**", "ana_ bruno")]
    [InlineData("ana@example.org", "")]
    [InlineData("`@ana` @bruno", "bruno")]
    [InlineData("``a ` @ana`` @bruno", "bruno")]
    [InlineData("a ` @ana", "ana")]
    [InlineData("```\n@ana\n```\n@bruno", "bruno")]
    [InlineData("```\n@ana", "")]
    [InlineData("x ```@ana``` @bruno", "bruno")]
    [InlineData("@ @@ana @", "ana")]
    [InlineData("no", "")]
    public void Names_are_found_where_they_are_not_code(string text, string names) =>
        Assert.Equal(names, string.Join(' ', MentionText.NamesIn(text)));

    [Fact]
    public void A_text_names_so_many_and_no_more() =>
        Assert.Equal(MentionText.Most, MentionText.NamesIn(string.Join(' ', Enumerable.Range(0, 500).Select(i => $"@n{i}"))).Count);

    [Fact]
    public async Task Who_is_named_is_told_apart_from_who_only_listens()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        var (ana, bruno, carla) = (people[0], people[1], people[2]);

        await ana.SayAsync(room.RoomId, "to nobody");
        var said = await ana.SayAsync(room.RoomId, $"see @{bruno.Username.ToUpperInvariant()}. and @nobody-of-this-name");
        var everybody = await ana.SayAsync(room.RoomId, $"@room and @{bruno.Username}");

        Assert.Equal([bruno.Id], (await carla.MessageAsync(room.RoomId, said.Seq)).Mentions);
        Assert.Equal([0, bruno.Id], (await carla.MessageAsync(room.RoomId, everybody.Seq)).Mentions);
        Assert.Equal((0L, 0L), await CountsAsync(ana, room));
        Assert.Equal((3L, 2L), await CountsAsync(bruno, room));
        Assert.Equal((3L, 1L), await CountsAsync(carla, room));
        Assert.Equal([everybody.Id, said.Id], (await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages.Select(it => it.Id));
        Assert.Equal([everybody.Id], (await carla.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages.Select(it => it.Id));
        Assert.Empty((await ana.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task An_edit_names_others()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla");
        var (ana, bruno, carla) = (people[0], people[1], people[2]);
        var parent = await carla.SayAsync(room.RoomId, "?");
        var said = await ana.AnswerAsync(room.RoomId, parent.Seq, $"@{bruno.Username}");

        await ana.EditAsync(room.RoomId, said.Seq, "nobody");

        Assert.Equal((2L, 0L), await CountsAsync(bruno, room));
        Assert.Equal((1L, 1L), await CountsAsync(carla, room)); // still the one who is answered
        await ana.EditAsync(room.RoomId, said.Seq, "@room");
        Assert.Equal((2L, 1L), await CountsAsync(bruno, room));
        Assert.Equal((1L, 1L), await CountsAsync(carla, room));
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Mentions_are_counted_above_the_mark_and_found_page_by_page()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        for (var i = 0; i < 7; i++) await ana.SayAsync(room.RoomId, i % 2 == 0 ? $"@{bruno.Username} {i}" : $"@room {i}");
        var place = await bruno.PlaceAsync(room.RoomId);

        var read = await bruno.PutAsync<ReadState>($"/api/v1/rooms/{room.RoomId}/read", new ReadBody(place.LastSeq - 3, place.Mark));

        Assert.Equal((7L, 3L, 3L), (place.Mentions, read.Unread, read.Mentions));
        List<string> bodies = [];
        for (long? before = long.MaxValue; before is { } key;)
        {
            var page = await bruno.GetAsync<FoundMessages>($"/api/v1/me/mentions?limit=3&before={key}");
            bodies.AddRange(page.Messages.Select(it => it.Body![^1..]));
            before = page.Next;
        }
        Assert.Equal(["6", "5", "4", "3", "2", "1", "0"], bodies);
        Assert.Equal("invalid_field", (await bruno.RefusedAsync(HttpMethod.Get, "/api/v1/me/mentions?limit=101")).Code);
        await bruno.LeaveAsync(room.RoomId);
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Many_at_signs_cost_nothing_and_say_nothing()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");

        var said = await people[0].SayAsync(room.RoomId, string.Concat(Enumerable.Repeat("@....... ", 400)));

        Assert.Null((await people[0].MessageAsync(room.RoomId, said.Seq)).Mentions);
        people[0].Dispose();
    }

    static async Task<(long Unread, long Mentions)> CountsAsync(Guest guest, Place room)
    {
        var place = await guest.PlaceAsync(room.RoomId);
        return (place.Unread, place.Mentions);
    }
}
