using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Rooms;

public sealed class RoomTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Theory]
    [InlineData(RoomKind.Open)]
    [InlineData(RoomKind.Closed)]
    public async Task Its_maker_is_in_it_and_a_line_tells_it(RoomKind kind)
    {
        using var ana = await server.SignUpAsync();
        await using var ear = await ana.ListenAsync();
        var name = Guest.NewRoomName();

        using var response = await ana.SendAsync(HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(kind, $"  {name} ", "Só coisas boas"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var place = await ana.GetAsync<Place>(response.Headers.Location!.ToString());
        var room = place.Room!;
        Assert.Equal((kind, name, "Só coisas boas", ana.Id), (room.Kind, room.Name, room.Topic, room.CreatorId));
        Assert.Equal((false, null, 1L), (room.General, room.PeopleIds, room.FirstSeq));
        Assert.Equal((true, 0L, 1L, 3L), (place.Joined, place.Unread, place.LastSeq, place.Head)); // the row, the membership, the line

        Assert.Equal(place, (await ear.NextAsync<PlaceChange>(it => it.Place.RoomId == room.Id)).Place);
        var line = Assert.Single(await ana.HistoryAsync(room.Id));
        Assert.Equal((MessageKind.System, new SystemLine(SystemEvent.Joined, ana.Id, null)), (line.Kind, line.System));
        Assert.Equal([ana.Id], await MembersAsync(ana, room.Id));
    }

    [Theory]
    [InlineData(null, "invalid_name")]
    [InlineData("", "invalid_name")]
    [InlineData(" \t ", "invalid_name")]
    [InlineData("a\nb", "invalid_name")]
    [InlineData("a\0b", "invalid_name")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", "invalid_name")]
    public async Task An_unsound_name_is_refused(string? name, string code)
    {
        using var ana = await server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        var made = await ana.RefusedAsync(HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Open, name));
        Assert.Equal((400, code), (made.Status, made.Code));
        if (name is null) return;
        var renamed = await ana.RefusedAsync(HttpMethod.Patch, $"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(name));
        Assert.Equal((400, code), (renamed.Status, renamed.Code));
    }

    [Fact]
    public async Task An_unsound_topic_or_kind_is_refused()
    {
        using var ana = await server.SignUpAsync();
        foreach (var topic in (string[])[new string('x', 251), "a\0b", "a\nb"])
            Assert.Equal("invalid_topic", (await ana.RefusedAsync(
                HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Open, Guest.NewRoomName(), topic))).Code);
        foreach (var kind in (RoomKind?[])[null, RoomKind.Direct])
            Assert.Equal("invalid_field", (await ana.RefusedAsync(
                HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(kind, Guest.NewRoomName()))).Code);
    }

    [Fact]
    public async Task Open_rooms_have_names_of_their_own_whatever_the_case()
    {
        using var ana = await server.SignUpAsync();
        var (first, second) = (await ana.CreateRoomAsync(name: "Ação"), await ana.CreateRoomAsync());

        foreach (var name in (string[])["Ação", "AÇÃO", " ação "])
        {
            var made = await ana.RefusedAsync(HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Open, name));
            var renamed = await ana.RefusedAsync(HttpMethod.Patch, $"/api/v1/rooms/{second.RoomId}", new RoomPatchBody(name));
            Assert.Equal((409, "room_name_taken", "room_name_taken"), (made.Status, made.Code, renamed.Code));
        }
        Assert.Equal("AÇÃO", (await ana.PatchAsync<Room>($"/api/v1/rooms/{first.RoomId}", new RoomPatchBody("AÇÃO"))).Name);
        // Closed rooms are known to their members only: their names are nobody else's business.
        await ana.CreateRoomAsync(RoomKind.Closed, "Ação");
    }

    [Fact]
    public async Task Of_many_who_want_one_name_at_once_one_gets_it()
    {
        using var ana = await server.SignUpAsync();
        var other = await ana.CreateRoomAsync();
        var name = Guest.NewRoomName();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 3 == 0
            ? ana.SendAsync(HttpMethod.Patch, $"/api/v1/rooms/{other.RoomId}", new RoomPatchBody(name + (i == 0 ? "" : i)))
            : ana.SendAsync(HttpMethod.Post, "/api/v1/rooms", new NewRoomBody(RoomKind.Open, name))));

        // The room that is renamed may have had the name, and have given it up for the next when all others had been refused.
        var list = await ana.GetAsync<OpenRoomList>($"/api/v1/rooms/open?query={Uri.EscapeDataString(name)}");
        Assert.InRange(list.Rooms.Count(it => it.Room.Name == name), 0, 1);
        Assert.Contains(answers, answer => answer.IsSuccessStatusCode);
        Assert.InRange(answers.Where((_, i) => i % 3 != 0).Count(answer => answer.IsSuccessStatusCode), 0, 1);
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Conflict]));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task One_page_of_open_rooms_leads_to_the_next()
    {
        using var ana = await server.SignUpAsync();
        var mark = Guid.NewGuid().ToString("n")[..8];
        for (var i = 0; i < 52; i++) await ana.CreateRoomAsync(name: $"{mark} {i:00}");
        await ana.CreateRoomAsync(RoomKind.Closed, $"{mark} closed");

        var first = await ana.GetAsync<OpenRoomList>($"/api/v1/rooms/open?query={mark}");
        var second = await ana.GetAsync<OpenRoomList>($"/api/v1/rooms/open?query={mark}&after={Uri.EscapeDataString(first.Next!)}");

        Assert.Equal(50, first.Rooms.Count);
        Assert.Null(second.Next);
        Assert.Equal(Enumerable.Range(0, 52).Select(i => $"{mark} {i:00}"), first.Rooms.Concat(second.Rooms).Select(it => it.Room.Name!));
    }

    [Fact]
    public async Task Browsing_shows_who_is_in_and_hides_what_is_closed_or_archived()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        using var carla = await server.SignUpAsync("carla");
        var query = $"/api/v1/rooms/open?query={Uri.EscapeDataString(room.Room!.Name!.ToUpperInvariant())}";

        var seen = Assert.Single((await carla.GetAsync<OpenRoomList>(query)).Rooms, it => it.Room.Id == room.RoomId);
        Assert.Equal((2L, false), (seen.MemberCount, seen.Joined));
        Assert.True(Assert.Single((await people[1].GetAsync<OpenRoomList>(query)).Rooms, it => it.Room.Id == room.RoomId).Joined);

        await people[1].LeaveAsync(room.RoomId);
        Assert.Equal(1, Assert.Single((await carla.GetAsync<OpenRoomList>(query)).Rooms, it => it.Room.Id == room.RoomId).MemberCount);
        await people[0].PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(Archived: true));
        Assert.DoesNotContain((await carla.GetAsync<OpenRoomList>(query)).Rooms, it => it.Room.Id == room.RoomId);
        foreach (var guest in people) guest.Dispose();
    }

    [Theory]
    [InlineData("100%")]
    [InlineData("a_b")]
    [InlineData("!")]
    public async Task What_one_searches_for_is_text_not_a_pattern(string part)
    {
        using var ana = await server.SignUpAsync();
        var mark = Guid.NewGuid().ToString("n")[..8];
        await ana.CreateRoomAsync(name: $"{mark} x{part}x");
        await ana.CreateRoomAsync(name: $"{mark} x100 aXb x");

        var found = await ana.GetAsync<OpenRoomList>($"/api/v1/rooms/open?query={Uri.EscapeDataString($"{mark} x{part}")}");

        Assert.Equal($"{mark} x{part}x", Assert.Single(found.Rooms).Room.Name);
    }

    [Fact]
    public async Task Renaming_a_topic_and_the_archive_each_take_a_line_and_a_revision()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var head = (await ana.PlaceAsync(room.RoomId)).Head;
        await using var ear = await bruno.ListenAsync();

        var changed = await ana.PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody("Planos", "Para o verão", true));

        Assert.Equal(("Planos", "Para o verão", head + 1), (changed.Name, changed.Topic, changed.Rev));
        Assert.NotNull(changed.ArchivedAt);
        Assert.Equal(changed, (await ear.NextAsync<RoomChange>(it => it.Rev > head)).Room);
        var rev = head + 2;
        foreach (var (what, text) in ((SystemEvent, string?)[])[(SystemEvent.Renamed, "Planos"), (SystemEvent.Topic, "Para o verão"), (SystemEvent.Archived, null)])
        {
            var heard = await ear.NextAsync<MessageChange>(it => it.RoomId == room.RoomId && it.Rev > head);
            Assert.Equal((rev, ana.Id, new SystemLine(what, null, text)), (heard.Rev, heard.Message.AuthorId, heard.Message.System));
            Assert.Equal(rev++, heard.Message.Rev);
        }
        Assert.Equal(head + 4, (await bruno.PlaceAsync(room.RoomId)).Head);

        var changes = await bruno.GetAsync<RoomChanges>($"/api/v1/rooms/{room.RoomId}/changes?after={head}");
        Assert.Equal([head + 1, head + 2, head + 3, head + 4], changes.Changes.Select(change => change.Rev));
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task What_stays_as_it_is_is_no_change()
    {
        using var ana = await server.SignUpAsync();
        var place = await ana.CreateRoomAsync();
        foreach (var body in (RoomPatchBody[])[new(), new(place.Room!.Name, "", false)])
            Assert.Equal(place.Room, await ana.PatchAsync<Room>($"/api/v1/rooms/{place.RoomId}", body));
        Assert.Equal(place.Head, (await ana.PlaceAsync(place.RoomId)).Head);
    }

    [Fact]
    public async Task An_empty_topic_clears_it()
    {
        using var ana = await server.SignUpAsync();
        var path = $"/api/v1/rooms/{(await ana.CreateRoomAsync()).RoomId}";
        await ana.PatchAsync<Room>(path, new RoomPatchBody(Topic: "something"));

        Assert.Null((await ana.PatchAsync<Room>(path, new RoomPatchBody(Topic: " "))).Topic);
    }

    [Fact]
    public async Task An_archived_room_can_be_read_and_left_and_opened_again_but_not_changed()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        using var carla = await server.SignUpAsync("carla");
        var path = $"/api/v1/rooms/{room.RoomId}";
        await ana.PatchAsync<Room>(path, new RoomPatchBody(Archived: true));

        Assert.Equal((403, "archived"), await CodeAsync(ana, HttpMethod.Patch, path, new RoomPatchBody("Other")));
        Assert.Equal((403, "archived"), await CodeAsync(bruno, HttpMethod.Post, path + "/messages", new DraftBody("a", "olá")));
        Assert.Equal((403, "archived"), await CodeAsync(bruno, HttpMethod.Put, path + $"/members/{carla.Id}"));
        Assert.Equal((403, "archived"), await CodeAsync(carla, HttpMethod.Post, path + "/join"));
        Assert.NotEmpty(await bruno.HistoryAsync(room.RoomId));
        await bruno.LeaveAsync(room.RoomId);

        var again = await ana.PatchAsync<Room>(path, new RoomPatchBody("Aberta de novo", Archived: false));
        Assert.Null(again.ArchivedAt);
        Assert.Equal(SystemEvent.Unarchived, (await ana.HistoryAsync(room.RoomId))[^1].System!.Event);
        await carla.JoinAsync(room.RoomId);
        foreach (var guest in people) guest.Dispose();
    }

    static async Task<(int, string)> CodeAsync(Guest guest, HttpMethod method, string path, object? body = null) =>
        await guest.RefusedAsync(method, path, body) is var problem ? (problem.Status, problem.Code) : default;

    static async Task<IEnumerable<long>> MembersAsync(Guest guest, long roomId) =>
        (await guest.GetAsync<MemberList>($"/api/v1/rooms/{roomId}/members")).Members.Select(member => member.UserId);
}
