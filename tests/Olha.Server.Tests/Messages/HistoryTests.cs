using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

/// <summary>Reading back: pages by place, changes by revision, each in one snapshot.</summary>
public sealed class HistoryTests(ChatServer server) : IClassFixture<ChatServer>
{
    async Task<(long RoomId, Guest Ana)> TalkAsync(int messages)
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        await using var ear = await people[0].ListenAsync();
        for (var i = 0; i < messages; i++) await ear.SendAsync(new Post(room.RoomId, $"h{room.RoomId}-{i}", $"{i}"));
        for (var i = 0; i < messages; i++) await ear.NextAsync<Ack>();
        return (room.RoomId, people[0]);
    }

    static IEnumerable<long> Seqs(MessagePage page) => page.Messages.Select(it => it.Seq);

    static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(it => (long)it);

    [Fact]
    public async Task Pages_lie_before_after_and_around_a_place_and_say_what_lies_beyond()
    {
        var (roomId, ana) = await TalkAsync(59); // and one line: places 1 to 60
        Task<MessagePage> PageAsync(string query) => ana.GetAsync<MessagePage>($"/api/v1/rooms/{roomId}/messages{query}");

        var newest = await PageAsync("?limit=10");
        Assert.Equal(Range(51, 60), Seqs(newest));
        Assert.Equal((true, false), (newest.HasBefore, newest.HasAfter));

        var before = await PageAsync("?before=51&limit=10");
        Assert.Equal(Range(41, 50), Seqs(before));
        Assert.Equal((true, true), (before.HasBefore, before.HasAfter));

        var oldest = await PageAsync("?before=6&limit=10");
        Assert.Equal(Range(1, 5), Seqs(oldest));
        Assert.Equal((false, true), (oldest.HasBefore, oldest.HasAfter));

        var after = await PageAsync("?after=55&limit=10");
        Assert.Equal(Range(56, 60), Seqs(after));
        Assert.Equal((true, false), (after.HasBefore, after.HasAfter));

        var around = await PageAsync("?around=30&limit=9");
        Assert.Equal(Range(26, 34), Seqs(around));
        Assert.Equal((true, true), (around.HasBefore, around.HasAfter));

        var first = await PageAsync("?around=1&limit=9");
        Assert.Equal(Range(1, 5), Seqs(first));
        Assert.False(first.HasBefore);

        var single = await PageAsync("?around=30&limit=1");
        Assert.Equal([30], Seqs(single));
        Assert.Equal((true, true), (single.HasBefore, single.HasAfter));

        Assert.Empty((await PageAsync("?after=60")).Messages);
        Assert.Equal(50, (await PageAsync("")).Messages.Count);
        Assert.Equal(newest.Complete, (await ana.PlaceAsync(roomId)).Head);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    [InlineData("?limit=x")]
    [InlineData("?before=x")]
    [InlineData("?before=1&after=2")]
    [InlineData("?before=-1")]
    [InlineData("?around=99999999999999999999")]
    public async Task An_unsound_query_is_refused(string query)
    {
        var ana = await server.SignUpAsync();

        Assert.Equal("invalid_field", (await ana.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/1/messages{query}")).Code);
    }

    [Theory]
    [InlineData("/api/v1/rooms/x/messages")]
    [InlineData("/api/v1/rooms/99999999/messages")]
    [InlineData("/api/v1/rooms/99999999999999999999/messages")]
    [InlineData("/api/v1/rooms/-1/messages")]
    [InlineData("/api/v1/rooms/1/messages/99999999")]
    [InlineData("/api/v1/rooms/1/messages/x")]
    [InlineData("/api/v1/rooms/99999999/changes")]
    public async Task What_there_is_not_is_not_found(string path)
    {
        var ana = await server.SignUpAsync();

        Assert.Equal("not_found", (await ana.RefusedAsync(HttpMethod.Get, path)).Code);
    }

    [Fact]
    public async Task Changes_come_by_revision_messages_members_and_the_room_itself()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var before = (await people[0].PlaceAsync(room.RoomId)).Head;
        await people[0].SayAsync(room.RoomId, "one");
        await people[0].PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(Name: Guest.NewRoomName()));
        await people[1].LeaveAsync(room.RoomId);

        var changes = await people[0].GetAsync<RoomChanges>($"/api/v1/rooms/{room.RoomId}/changes?after={before}");

        Assert.Equal(changes.Head, changes.Complete);
        Assert.Equal(Range(before + 1, changes.Head), changes.Changes.Select(it => it.Rev));
        Assert.Contains(changes.Changes, it => it is MessageChange { Message.Body: "one" });
        Assert.Contains(changes.Changes, it => it is RoomChange);
        Assert.Contains(changes.Changes, it => it is MemberChange { Member.Joined: false });
        Assert.Contains(changes.Changes, it => it is MessageChange { Message.System.Event: SystemEvent.Left });
    }

    [Fact]
    public async Task A_long_range_comes_in_pieces_that_are_complete()
    {
        var (roomId, ana) = await TalkAsync(40);
        var head = (await ana.PlaceAsync(roomId)).Head;

        var all = new List<Change>();
        long held = 0;
        while (held < head)
        {
            var piece = await ana.GetAsync<RoomChanges>($"/api/v1/rooms/{roomId}/changes?after={held}&limit=7");
            Assert.True(piece.Complete > held && piece.Changes.Count <= 7);
            Assert.All(piece.Changes, it => Assert.InRange(it.Rev, held + 1, piece.Complete));
            all.AddRange(piece.Changes);
            held = piece.Complete;
        }
        Assert.Equal(Range(1, head), all.Select(it => it.Rev));
    }

    [Fact]
    public async Task Only_members_read()
    {
        var (open, _) = await server.RoomWithAsync(RoomKind.Open, "ana");
        var (closed, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var outsider = await server.SignUpAsync();
        await people[0].RemoveAsync(closed.RoomId, people[1]);

        foreach (var rest in (string[])["messages", "changes", "messages/1"])
        {
            Assert.Equal("not_member", (await outsider.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{open.RoomId}/{rest}")).Code);
            Assert.Equal("not_found", (await outsider.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{closed.RoomId}/{rest}")).Code);
            Assert.Equal("not_found", (await people[1].RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{closed.RoomId}/{rest}")).Code);
            using var stranger = server.Stranger();
            Assert.Equal("no_session", (await stranger.RefusedAsync(HttpMethod.Get, $"/api/v1/rooms/{open.RoomId}/{rest}")).Code);
        }
    }

    [Fact]
    public async Task A_member_reads_the_whole_history_whenever_they_joined()
    {
        var (roomId, ana) = await TalkAsync(5);
        var late = await server.SignUpAsync();
        await ana.InviteAsync(roomId, late);

        Assert.Contains(await late.HistoryAsync(roomId), it => it.Body == "0");
        Assert.Equal(0, (await late.PlaceAsync(roomId)).Unread);
    }
}

/// <summary>Reading back to a day.</summary>
[Trait(ChatServer.Inside, "puts the clock forward")]
public sealed class HistoryTimeTests : IAsyncLifetime
{
    readonly SettableClock _clock = new();
    readonly ChatServer _server;

    public HistoryTimeTests() => _server = new ChatServer(options => options, _clock);

    public ValueTask InitializeAsync() => _server.InitializeAsync();
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_page_is_found_by_the_time_at_which_it_was_said()
    {
        using var ana = await _server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        for (var day = 0; day < 7; day++)
        {
            for (var i = 0; i < day + 1; i++) await ana.SayAsync(room.RoomId, $"{day}");
            if (day < 6) _clock.Forward(TimeSpan.FromDays(1));
        }
        var said = await ana.HistoryAsync(room.RoomId);

        foreach (var message in said)
        {
            var first = said.First(it => it.CreatedAt >= message.CreatedAt);
            Assert.Equal(first.Seq, await FirstAsync(ana, room, message.CreatedAt));
            Assert.Equal(first.Seq, await FirstAsync(ana, room, message.CreatedAt.ToOffset(TimeSpan.FromHours(-3))));
        }
        Assert.Equal(said[0].Seq, await FirstAsync(ana, room, DateTimeOffset.UnixEpoch));
        Assert.Equal(said[^1].Seq, await FirstAsync(ana, room, said[^1].CreatedAt.AddYears(1)));
        Assert.Equal("invalid_field", (await ana.RefusedAsync(
            HttpMethod.Get, $"/api/v1/rooms/{room.RoomId}/messages?at=2026-01-01T00:00:00Z&before=3")).Code);
    }

    // A page of one holds the place that was found.
    static async Task<long> FirstAsync(Guest guest, Place room, DateTimeOffset at) => Assert.Single((await guest.GetAsync<MessagePage>(
        $"/api/v1/rooms/{room.RoomId}/messages?limit=1&at={Uri.EscapeDataString(at.ToString("O"))}")).Messages).Seq;
}
