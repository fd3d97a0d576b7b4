using Olha.Protocol;

namespace Olha.Server.Tests.Membership;

public sealed class ComingAndGoingTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task Who_joins_hears_the_room_from_then_on_and_the_others_hear_of_it()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana");
        var ana = people[0];
        using var bruno = await server.SignUpAsync("bruno");
        await using var inside = await ana.ListenAsync();
        await using var joining = await bruno.ListenAsync();
        await ana.SayAsync(room.RoomId, "before");
        var head = (await ana.PlaceAsync(room.RoomId)).Head;

        var place = await bruno.JoinAsync(room.RoomId);

        Assert.Equal((true, 0L, head + 2, place.LastSeq), (place.Joined, place.Unread, place.Head, place.Mark));
        var member = await inside.NextAsync<MemberChange>(it => it.RoomId == room.RoomId);
        Assert.Equal((head + 1, new Member(room.RoomId, bruno.Id, true, member.Member.Since, head + 1)), (member.Rev, member.Member));
        var line = await inside.NextAsync<MessageChange>(it => it.RoomId == room.RoomId && it.Message.System?.Event == SystemEvent.Joined);
        Assert.Equal((head + 2, bruno.Id, bruno.Id), (line.Rev, line.Message.AuthorId, line.Message.System!.UserId!.Value));
        Assert.Equal(place, (await joining.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place);

        await ana.SayAsync(room.RoomId, "after");
        Assert.Equal("after", (await joining.NextAsync<MessageChange>(it => it.Message.Kind == MessageKind.Text)).Message.Body);
        Assert.Equal("before", (await bruno.HistoryAsync(room.RoomId)).First(it => it.Kind == MessageKind.Text).Body); // the whole history
        ana.Dispose();
    }

    [Fact]
    public async Task Joining_twice_changes_nothing()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana");
        using var bruno = await server.SignUpAsync("bruno");
        var first = await bruno.JoinAsync(room.RoomId);

        Assert.Equal(first, await bruno.JoinAsync(room.RoomId));
        Assert.Equal(first.Head, (await people[0].PlaceAsync(room.RoomId)).Head);
        people[0].Dispose();
    }

    [Fact]
    public async Task Who_left_hears_nothing_any_more_and_leaves_a_tombstone()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        await using var ear = await bruno.ListenAsync();
        await using var inside = await ana.ListenAsync();

        await bruno.LeaveAsync(room.RoomId);
        await ana.SayAsync(room.RoomId, "not for bruno");

        var place = (await ear.NextAsync<PlaceChange>(it => it is { Place.Joined: false } && it.Place.RoomId == room.RoomId)).Place;
        Assert.Equal(new Place(room.RoomId, false, 0, 0, 0, 0, null, place.Rev, 0, RoomLevel.Mentions), place);
        await inside.NextAsync<MemberChange>(it => it.RoomId == room.RoomId && it.Member.UserId == bruno.Id && !it.Member.Joined);
        await inside.NextAsync<MessageChange>(it => it.RoomId == room.RoomId && it.Message.System?.Event == SystemEvent.Left);
        await inside.NextAsync<MessageChange>(it => it.Message.Body == "not for bruno");
        Assert.DoesNotContain(await ear.AllAsync<MessageChange>(ana), it => it.Message.Body == "not for bruno");

        Assert.DoesNotContain((await bruno.GetAsync<RoomList>("/api/v1/rooms")).Rooms, it => it.RoomId == room.RoomId);
        Assert.Contains(new PlaceChange(place.Rev, place), (await bruno.GetAsync<StreamChanges>("/api/v1/me/changes")).Changes);
        var changes = (await ana.GetAsync<RoomChanges>($"/api/v1/rooms/{room.RoomId}/changes?after=0")).Changes;
        Assert.False(Assert.Single(changes.OfType<MemberChange>(), it => it.Member.UserId == bruno.Id).Member.Joined);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Who_comes_back_has_nothing_unread()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        await bruno.LeaveAsync(room.RoomId);
        for (var i = 0; i < 3; i++) await ana.SayAsync(room.RoomId, "meanwhile");

        var place = await bruno.JoinAsync(room.RoomId);

        Assert.Equal((0L, place.LastSeq), (place.Unread, place.Mark));
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Any_member_invites_into_a_closed_room_and_the_line_says_who()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var bruno = people[1];
        using var carla = await server.SignUpAsync("carla");
        await using var ear = await carla.ListenAsync();

        var member = await bruno.InviteAsync(room.RoomId, carla);

        Assert.Equal((room.RoomId, carla.Id, true), (member.RoomId, member.UserId, member.Joined));
        var place = (await ear.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId)).Place;
        Assert.Equal((true, 0L, room.RoomId), (place.Joined, place.Unread, place.Room!.Id));
        var line = (await carla.HistoryAsync(room.RoomId))[^1];
        Assert.Equal((bruno.Id, new SystemLine(SystemEvent.Invited, carla.Id, null)), (line.AuthorId, line.System));
        Assert.Equal(member, await bruno.InviteAsync(room.RoomId, carla)); // again: nothing happens
        Assert.Equal(line, (await carla.HistoryAsync(room.RoomId))[^1]);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Who_was_removed_hears_and_sees_nothing_any_more()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var (ana, bruno) = (people[0], people[1]);
        await using var ear = await bruno.ListenAsync();

        await ana.RemoveAsync(room.RoomId, bruno);
        await ana.SayAsync(room.RoomId, "not for bruno");

        await ear.NextAsync<PlaceChange>(it => it.Place.RoomId == room.RoomId && !it.Place.Joined);
        Assert.DoesNotContain(await ear.AllAsync<MessageChange>(ana), it => it.Message.Body == "not for bruno");
        Assert.Equal(404, (await bruno.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{room.RoomId}/messages")).Status);
        var line = (await ana.HistoryAsync(room.RoomId))[^2];
        Assert.Equal((ana.Id, new SystemLine(SystemEvent.Removed, bruno.Id, null)), (line.AuthorId, line.System));
        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Delete, $"/api/v1/rooms/{room.RoomId}/members/{bruno.Id}")).Code);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Removing_oneself_is_leaving()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await people[1].RemoveAsync(room.RoomId, people[1]);
        Assert.Equal(SystemEvent.Left, (await people[0].HistoryAsync(room.RoomId))[^1].System!.Event);
        foreach (var guest in people) guest.Dispose();
    }

    [Fact]
    public async Task Many_who_come_and_go_at_once_leave_no_gap_in_the_rooms_stream()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Open, "ana");
        var ana = people[0];
        var others = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.SignUpAsync("other")));
        await using var ear = await ana.ListenAsync();

        await Task.WhenAll(others.Select(async other =>
        {
            await other.JoinAsync(room.RoomId);
            await other.SayAsync(room.RoomId, "olá");
            await other.LeaveAsync(room.RoomId);
        }));

        var heard = new List<long>();
        while (heard.Count < 6 * 5) heard.Add((await ear.NextAsync<Change>(it => RoomOf(it) == room.RoomId && it.Rev > room.Head)).Rev);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => room.Head + 1 + i), heard);
        var history = await ana.HistoryAsync(room.RoomId);
        Assert.Equal(Enumerable.Range(1, history.Count).Select(seq => (long)seq), history.Select(message => message.Seq));
        foreach (var guest in others.Append(ana)) guest.Dispose();
    }

    static long? RoomOf(Change change) => change switch
    {
        MessageChange said => said.RoomId,
        MemberChange moved => moved.RoomId,
        _ => null,
    };
}
