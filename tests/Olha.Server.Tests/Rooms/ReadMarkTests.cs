using Olha.Protocol;

namespace Olha.Server.Tests.Rooms;

public sealed class ReadMarkTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Unread_are_others_texts_above_the_mark()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        await ana.SayAsync(room.RoomId, "one");
        await ana.SayAsync(room.RoomId, "two");
        await bruno.SayAsync(room.RoomId, "three");
        await ana.PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(Topic: "a line is not unread"));

        Assert.Equal((1L, 2L), ((await ana.PlaceAsync(room.RoomId)).Unread, (await bruno.PlaceAsync(room.RoomId)).Unread));
        var listed = (await bruno.GetAsync<RoomList>("/api/v1/rooms")).Rooms.Single(place => place.RoomId == room.RoomId);
        Assert.Equal(await bruno.PlaceAsync(room.RoomId), listed);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task A_moved_mark_is_heard_by_ones_own_devices_only()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        await ana.SayAsync(room.RoomId, "olá");
        var before = await bruno.PlaceAsync(room.RoomId);
        await using var own = await bruno.ListenAsync();
        await using var others = await ana.ListenAsync();

        var read = await MoveAsync(bruno, room.RoomId, before.LastSeq, before.Mark);

        Assert.Equal((before.LastSeq, 0L, before.Head), (read.Mark, read.Unread, read.Head));
        var heard = await own.NextAsync<PlaceChange>(it => it.Rev > before.Rev);
        Assert.Equal((read.Rev, read.Mark, 0L), (heard.Rev, heard.Place.Mark, heard.Place.Unread));
        Assert.DoesNotContain(await others.AllAsync<PlaceChange>(bruno), it => it.Place.RoomId == room.RoomId && it.Place.Mark == read.Mark);
        var changes = await bruno.GetAsync<StreamChanges>($"/api/v1/me/changes?after={read.Rev - 1}");
        Assert.Equal(heard, Assert.Single(changes.Changes));
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task It_may_go_back_and_what_lies_above_is_unread_again()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        foreach (var text in (string[])["one", "two", "three"]) await ana.SayAsync(room.RoomId, text);
        var place = await bruno.PlaceAsync(room.RoomId);
        await MoveAsync(bruno, room.RoomId, place.LastSeq, place.Mark);

        Assert.Equal(2, (await MoveAsync(bruno, room.RoomId, place.LastSeq - 2, place.LastSeq)).Unread);
        Assert.Equal(3, (await MoveAsync(bruno, room.RoomId, 0, place.LastSeq - 2)).Unread);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task A_device_with_old_news_does_not_undo_what_another_did()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        await ana.SayAsync(room.RoomId, "olá");
        var place = await bruno.PlaceAsync(room.RoomId);
        await MoveAsync(bruno, room.RoomId, 0, place.Mark); // marked unread on one device

        var stale = await bruno.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/read", new ReadBody(place.LastSeq, place.Mark));

        Assert.Equal((409, "stale_mark", 0L), (stale.Status, stale.Code, stale.Params!["mark"]));
        Assert.Equal(0, (await bruno.PlaceAsync(room.RoomId)).Mark);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Where_it_stands_already_it_takes_no_revision()
    {
        using var ana = await server.SignUpAsync();
        var place = await ana.CreateRoomAsync();

        Assert.Equal(place.Rev, (await MoveAsync(ana, place.RoomId, place.Mark, place.Mark)).Rev);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task It_lies_between_zero_and_the_last_message(long mark)
    {
        using var ana = await server.SignUpAsync();
        var place = await ana.CreateRoomAsync();
        var problem = await ana.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{place.RoomId}/read", new ReadBody(mark, place.Mark));
        Assert.Equal((400, "invalid_mark", 1L), (problem.Status, problem.Code, problem.Params!["last"]));
    }

    [Theory]
    [InlineData(null, 0L)]
    [InlineData(0L, null)]
    public async Task Both_figures_are_needed(long? mark, long? replaces)
    {
        using var ana = await server.SignUpAsync();
        var place = await ana.CreateRoomAsync();
        Assert.Equal("invalid_field", (await ana.RefusedAsync(
            HttpMethod.Put, $"/api/v1/rooms/{place.RoomId}/read", new ReadBody(mark, replaces))).Code);
    }

    [Fact]
    public async Task Of_many_moves_at_once_each_takes_its_own_revision()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        for (var i = 0; i < 5; i++) await ana.SayAsync(room.RoomId, "olá");
        var place = await bruno.PlaceAsync(room.RoomId);

        // Each says that it replaces the same mark: one of them is first, the others have old news.
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => bruno.SendAsync(
            HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/read", new ReadBody(place.Mark + 1 + i % 5, place.Mark))));

        var after = await bruno.PlaceAsync(room.RoomId);
        Assert.Equal(place.Rev + 1, after.Rev);
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        foreach (var answer in answers) answer.Dispose();
        foreach (var guest in people) guest.Dispose();
    }

    static Task<ReadState> MoveAsync(Guest guest, long roomId, long mark, long replaces) =>
        guest.PutAsync<ReadState>($"/api/v1/rooms/{roomId}/read", new ReadBody(mark, replaces));
}
