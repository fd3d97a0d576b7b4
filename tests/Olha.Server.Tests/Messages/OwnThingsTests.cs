using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

/// <summary>Saved messages, drafts and levels: a person's own, on all of their devices and on nobody else's.</summary>
public sealed class OwnThingsTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_saved_message_is_known_on_ones_other_devices_and_to_nobody_else()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var said = await bruno.SayAsync(room.RoomId, "remember");
        await using var own = await ana.ListenAsync();
        await using var others = await bruno.ListenAsync();
        var path = $"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/saved";

        var saved = await ana.PutAsync<SavedMessage>(path, null);

        Assert.Equal(saved, (await own.NextAsync<SavedChange>()).Saved);
        Assert.Empty(await others.AllAsync<SavedChange>(bruno));
        await using (var later = await ana.ListenAsync()) Assert.Equal(saved, Assert.Single(later.Welcome.Saved));
        Assert.Equal(said.Id, Assert.Single((await ana.GetAsync<FoundMessages>("/api/v1/me/saved")).Messages).Id);
        var let = await ana.DeleteAsync<SavedMessage>(path);
        Assert.False(let.Saved);
        Assert.Equal(let, (await own.NextAsync<SavedChange>()).Saved);
        Assert.Equal(let, Assert.IsType<SavedChange>(Assert.Single(
            (await ana.GetAsync<StreamChanges>($"/api/v1/me/changes?after={saved.Rev - 1}")).Changes)).Saved);
        Assert.Empty((await ana.GetAsync<FoundMessages>("/api/v1/me/saved")).Messages);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task What_is_not_there_or_not_seen_cannot_be_saved()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        using var stranger = await server.SignUpAsync("stranger");

        Assert.Equal("not_found", (await people[0].RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/messages/77/saved")).Code);
        Assert.Equal("not_found", (await stranger.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/messages/1/saved")).Code);
        people[0].Dispose();
    }

    [Fact]
    public async Task A_draft_follows_its_writer_and_ends_when_it_is_empty()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var ana = people[0];
        await using var own = await ana.ListenAsync();
        await using var others = await people[1].ListenAsync();
        var path = $"/api/v1/rooms/{room.RoomId}/draft";

        var begun = await ana.PutAsync<RoomDraft>(path, new BegunBody("I think", 1));

        Assert.Equal(begun, (await own.NextAsync<DraftChange>()).Draft);
        Assert.Equal(begun, await ana.PutAsync<RoomDraft>(path, new BegunBody("I think", 1))); // nothing new
        Assert.Empty(await others.AllAsync<DraftChange>(ana));
        await using (var later = await ana.ListenAsync()) Assert.Equal(begun, Assert.Single(later.Welcome.Drafts));
        Assert.Equal("", (await ana.PutAsync<RoomDraft>(path, new BegunBody("", 1))).Body);
        Assert.Null((await own.NextAsync<DraftChange>()).Draft.ReplyToSeq);
        await using (var later = await ana.ListenAsync()) Assert.Empty(later.Welcome.Drafts);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task A_draft_has_a_room_and_a_bound()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        using var stranger = await server.SignUpAsync("stranger");
        var path = $"/api/v1/rooms/{room.RoomId}/draft";

        Assert.Equal("not_found", (await stranger.RefusedAsync(HttpMethod.Put, path, new BegunBody("x"))).Code);
        Assert.Equal("too_long", (await people[0].RefusedAsync(HttpMethod.Put, path, new BegunBody(new string('x', 20_001)))).Code);
        Assert.Equal("invalid_text", (await people[0].RefusedAsync(HttpMethod.Put, path, new BegunBody("a\0b"))).Code);
        Assert.Equal("invalid_field", (await people[0].RefusedAsync(HttpMethod.Put, path, "{}")).Code);
        people[0].Dispose();
    }

    [Fact]
    public async Task A_level_is_ones_own_and_suits_the_kind_of_room_until_it_is_set()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        var direct = await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([bruno.Id]));
        await using var own = await ana.ListenAsync();

        Assert.Equal((RoomLevel.Mentions, RoomLevel.Everything), ((await ana.PlaceAsync(room.RoomId)).Level, direct.Level));
        var place = await ana.PutAsync<Place>($"/api/v1/rooms/{room.RoomId}/level", new LevelBody(RoomLevel.Nothing));

        Assert.Equal(RoomLevel.Nothing, place.Level);
        Assert.Equal(place, (await own.NextAsync<PlaceChange>()).Place);
        Assert.Equal(RoomLevel.Mentions, (await bruno.PlaceAsync(room.RoomId)).Level);
        Assert.Equal("invalid_field", (await ana.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/level", """{"level":"loud"}""")).Code);
        Assert.Equal("invalid_field", (await ana.RefusedAsync(HttpMethod.Put, $"/api/v1/rooms/{room.RoomId}/level", "{}")).Code);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Changes_of_all_kinds_stand_in_one_order()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var ana = people[0];
        var said = await ana.SayAsync(room.RoomId, "x");
        var head = (await ana.GetAsync<StreamChanges>("/api/v1/me/changes?after=0")).Head;

        await ana.PutAsync<RoomDraft>($"/api/v1/rooms/{room.RoomId}/draft", new BegunBody("y"));
        await ana.PutAsync<Place>($"/api/v1/rooms/{room.RoomId}/level", new LevelBody(RoomLevel.Hidden));
        await ana.PutAsync<SavedMessage>($"/api/v1/rooms/{room.RoomId}/messages/{said.Seq}/saved", null);

        var changes = await ana.GetAsync<StreamChanges>($"/api/v1/me/changes?after={head}");
        Assert.Equal([typeof(DraftChange), typeof(PlaceChange), typeof(SavedChange)], changes.Changes.Select(it => it.GetType()));
        Assert.Equal([head + 1, head + 2, head + 3], changes.Changes.Select(it => it.Rev));
        Assert.Equal((head + 3, head + 3), (changes.Complete, changes.Head));
        ana.Dispose();
    }
}
