using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

public sealed class EditTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task An_edit_is_heard_as_the_same_message_and_the_former_words_are_kept()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var said = await ana.SayAsync(room.RoomId, "helo");
        await using var ear = await bruno.ListenAsync();

        var edited = await ana.EditAsync(room.RoomId, said.Seq, "hello");
        await ana.EditAsync(room.RoomId, said.Seq, "hello!");

        var heard = await ear.NextAsync<MessageChange>();
        Assert.Equal((said.Id, said.Seq, "hello", edited.Rev), (heard.Message.Id, heard.Message.Seq, heard.Message.Body, heard.Rev));
        Assert.NotNull(heard.Message.EditedAt);
        Assert.Equal("hello!", (await ear.NextAsync<MessageChange>()).Message.Body);
        var now = await bruno.MessageAsync(room.RoomId, said.Seq);
        Assert.Equal(("hello!", said.CreatedAt), (now.Body, now.CreatedAt));
        var former = (await bruno.GetAsync<FormerBodies>($"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/edits")).Bodies;
        Assert.Equal(["helo", "hello"], former.Select(it => it.Body));
        Assert.Equal([said.CreatedAt, edited.EditedAt!.Value], former.Select(it => it.At));
        var missed = await bruno.GetAsync<RoomChanges>($"/api/v1/rooms/{room.RoomId}/changes?after={edited.Rev - 1}");
        Assert.Equal(now, Assert.IsType<MessageChange>(Assert.Single(missed.Changes)).Message);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task The_same_words_are_no_edit()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var said = await people[0].SayAsync(room.RoomId, "as it is");
        var before = await people[0].MessageAsync(room.RoomId, said.Seq);

        Assert.Equal(before, await people[0].EditAsync(room.RoomId, said.Seq, "as it is"));
        Assert.Equal(before.Rev, (await people[0].PlaceAsync(room.RoomId)).Head);
        people[0].Dispose();
    }

    [Fact]
    public async Task Only_the_author_edits_and_only_sound_words()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var said = await bruno.SayAsync(room.RoomId, "mine");
        var path = $"/api/v1/rooms/{room.RoomId}/messages/";
        using var stranger = await server.SignUpAsync("stranger");

        Assert.Equal((403, "not_yours"), await CodeAsync(ana, path + said.Seq, new EditBody("yours")));
        Assert.Equal((404, "not_found"), await CodeAsync(stranger, path + said.Seq, new EditBody("yours")));
        Assert.Equal((404, "not_found"), await CodeAsync(bruno, path + 999, new EditBody("x")));
        Assert.Equal((403, "forbidden"), await CodeAsync(bruno, path + 1, new EditBody("a line of the house")));
        Assert.Equal((400, "empty_text"), await CodeAsync(bruno, path + said.Seq, new EditBody(" \n")));
        Assert.Equal((400, "invalid_text"), await CodeAsync(bruno, path + said.Seq, new EditBody("a\u0000b")));
        Assert.Equal((400, "too_long"), await CodeAsync(bruno, path + said.Seq, new EditBody(new string('x', 4001))));
        Assert.Equal((400, "invalid_field"), await CodeAsync(bruno, path + said.Seq, "{}"));
        Assert.Equal("mine", (await ana.MessageAsync(room.RoomId, said.Seq)).Body);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task A_retry_after_an_edit_gets_the_first_answer()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var body = new DraftBody("edited-since", "first");
        var path = $"/api/v1/rooms/{room.RoomId}/messages";
        var first = await people[0].PostAsync<Ack>(path, body);
        await people[0].EditAsync(room.RoomId, first.Seq, "second");

        Assert.Equal(first with { Duplicate = true }, await people[0].PostAsync<Ack>(path, body));
        await people[0].DeleteAsync(room.RoomId, first.Seq);
        Assert.Equal(first with { Duplicate = true }, await people[0].PostAsync<Ack>(path, body));
        people[0].Dispose();
    }

    [Fact]
    public async Task In_an_archived_room_nothing_changes()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var said = await people[0].SayAsync(room.RoomId, "kept");
        await people[0].PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(Archived: true));
        var path = $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}";

        Assert.Equal((403, "archived"), await CodeAsync(people[0], path, new EditBody("changed")));
        Assert.Equal("archived", (await people[0].RefusedAsync(HttpMethod.Delete, path)).Code);
        Assert.Equal("archived", (await people[0].RefusedAsync(HttpMethod.Put, path + "/reactions/%F0%9F%91%8D")).Code);
        Assert.Equal("archived", (await people[0].RefusedAsync(HttpMethod.Put, path + "/pin")).Code);
        people[0].Dispose();
    }

    static async Task<(int, string)> CodeAsync(Guest guest, string path, object body)
    {
        var problem = await guest.RefusedAsync(HttpMethod.Patch, path, body);
        return (problem.Status, problem.Code);
    }
}
