using Olha.Protocol;
using Olha.Server.Messages;

namespace Olha.Server.Tests.Messages;

[Trait(ChatServer.Inside, "puts the clock forward and calls for the job")]
public sealed class RetentionTests(TimedServer server) : IClassFixture<TimedServer>
{
    static string Messages(long roomId) => $"/api/v1/rooms/{roomId}/messages";

    Task RunAsync() => server.Server.Get<Retention>().RunAsync(TestContext.Current.CancellationToken);

    Task KeepAsync(long roomId, long days) =>
        server.Owner.PatchAsync<Room>($"/api/v1/rooms/{roomId}", new RoomPatchBody(RetentionDays: days));

    [Fact]
    public async Task What_is_too_old_is_gone_with_all_that_belongs_to_it()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (room, ana, bruno) = (place.RoomId, people[0], people[1]);
        var old = await ana.SayAsync(room, $"@{bruno.Username} secret");
        await ana.EditAsync(room, old.Seq, $"@{bruno.Username} secret no more");
        await ana.PutAsync<Message>($"{Messages(room)}/{old.Seq}/pin", null);
        await bruno.PutAsync<SavedMessage>($"{Messages(room)}/{old.Seq}/saved", null);
        await bruno.DoneAsync(HttpMethod.Post, $"{Messages(room)}/{old.Seq}/report", new ReportBody(null));
        await KeepAsync(room, 10);
        server.Forward(TimeSpan.FromDays(6));
        var middle = await ana.AnswerAsync(room, old.Seq, $"@{bruno.Username} middle");
        server.Forward(TimeSpan.FromDays(6));
        var last = await ana.SayAsync(room, "last");
        await using var ear = await bruno.ListenAsync();
        Assert.Equal((3, 2), await UnreadAsync(bruno, room));

        await RunAsync();

        var change = await ear.NextAsync<RoomChange>(it => it.RoomId == room);
        Assert.Equal((middle.Seq, change.Rev), (change.Room.FirstSeq, change.Room.Rev));
        Assert.Equal(change.Room, (await bruno.PlaceAsync(room)).Room);
        var page = await bruno.GetAsync<MessagePage>(Messages(room));
        Assert.Equal([middle.Seq, last.Seq], page.Messages.Select(it => it.Seq));
        Assert.Equal((false, false), (page.HasBefore, page.HasAfter));
        Assert.Equal((2, 1), (page.Read.Unread, page.Read.Mentions));
        Assert.Equal((2, 1), await UnreadAsync(bruno, room));
        Assert.Null(page.Parents);
        foreach (var path in (string[])["", "/edits", "/seen"])
            Assert.Equal("not_found", (await bruno.RefusedAsync(HttpMethod.Get, $"{Messages(room)}/{old.Seq}{path}")).Code);
        Assert.Equal([middle.Seq], (await bruno.GetAsync<FoundMessages>("/api/v1/me/mentions")).Messages.Select(it => it.Seq));
        Assert.Empty((await bruno.GetAsync<FoundMessages>("/api/v1/me/saved")).Messages);
        Assert.DoesNotContain((await bruno.GetAsync<Welcome>("/api/v1/state")).Saved, it => it.RoomId == room);
        Assert.Empty((await bruno.GetAsync<PinnedMessages>($"/api/v1/rooms/{room}/pins")).Messages);
        Assert.Empty((await ana.GetAsync<ReportList>("/api/v1/reports")).Reports);
        foreach (var count in (string[])
            [
                "SELECT COUNT(*) FROM messages WHERE room_id = {0} AND seq < {1}", "SELECT COUNT(*) FROM message_edits WHERE room_id = {0}",
                "SELECT COUNT(*) FROM mentions WHERE room_id = {0} AND seq < {1}", "SELECT COUNT(*) FROM saved_messages WHERE room_id = {0}",
                "SELECT COUNT(*) FROM reports WHERE room_id = {0}",
            ])
            Assert.Equal(0, await server.Server.CountAsync(string.Format(count, room, middle.Seq)));
        // All that was missed is told once, in its present form.
        var missed = await bruno.GetAsync<RoomChanges>($"/api/v1/rooms/{room}/changes?after=0");
        Assert.Equal([middle.Seq, last.Seq], missed.Changes.OfType<MessageChange>().Select(it => it.Message.Seq));
        Assert.Equal(change.Room, missed.Changes.OfType<RoomChange>().Single().Room);
        var act = Assert.Single(await server.AuditAsync(AuditAction.MessagesPurged, room));
        Assert.Equal((null, $"{middle.Seq - 1}"), (act.ActorId, act.Details!["count"]));

        await RunAsync();
        Assert.Equal(missed.Head, (await bruno.PlaceAsync(room)).Head);
        Assert.Single(await server.AuditAsync(AuditAction.MessagesPurged, room));
    }

    [Fact]
    public async Task The_cid_of_a_purged_message_stays_spent()
    {
        using var ana = await server.SignUpAsync();
        using var bruno = await server.SignUpAsync("bruno");
        var (room, other) = ((await ana.CreateRoomAsync()).RoomId, (await ana.CreateRoomAsync()).RoomId);
        await bruno.JoinAsync(room);
        var first = new DraftBody("spent", "old");
        var ack = await ana.PostAsync<Ack>(Messages(room), first);
        await KeepAsync(room, 1);
        server.Forward(TimeSpan.FromDays(2));
        await RunAsync();
        Assert.Empty(await ana.HistoryAsync(room));

        Assert.Equal(ack with { Duplicate = true }, await ana.PostAsync<Ack>(Messages(room), first));
        await using var ear = await ana.ListenAsync();
        await ear.SendAsync(new Post(room, "spent", "old"));
        Assert.Equal(ack with { Duplicate = true }, await ear.NextAsync<Ack>());
        await ear.SendAsync(new Post(room, "spent", "new"));
        Assert.Equal("conflict", (await ear.NextAsync<Refused>()).Code);
        Assert.Equal("conflict", (await ana.RefusedAsync(HttpMethod.Post, Messages(other), first)).Code);
        Assert.Empty(await ana.HistoryAsync(room));

        // Others may use the same one, and the room goes on where it was.
        var next = await bruno.PostAsync<Ack>(Messages(room), first);
        Assert.Equal((ack.Seq + 1, false), (next.Seq, next.Duplicate));
    }

    [Fact]
    public async Task An_emptied_room_is_paged_and_counted_right()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Open, "ana", "bruno");
        var (room, ana, bruno) = (place.RoomId, people[0], people[1]);
        for (var i = 0; i < 5; i++) await ana.SayAsync(room, $"{i}");
        var lastSeq = (await bruno.PlaceAsync(room)).LastSeq;
        await KeepAsync(room, 1);
        server.Forward(TimeSpan.FromDays(2));
        await RunAsync();

        foreach (var query in (string[])["", "?after=2", "?before=3", "?around=2", "?at=2026-01-01T00:00:00Z"])
        {
            var page = await bruno.GetAsync<MessagePage>(Messages(room) + query);
            Assert.True(page.Messages.Count == 0 && !page.HasBefore, query);
        }
        var emptied = await bruno.PlaceAsync(room);
        Assert.Equal((lastSeq, lastSeq + 1, 0L), (emptied.LastSeq, emptied.Room!.FirstSeq, emptied.Unread));
        await bruno.PutAsync<ReadState>($"/api/v1/rooms/{room}/read", new ReadBody(emptied.LastSeq, emptied.Mark));

        var next = await ana.SayAsync(room, "again");

        Assert.Equal(lastSeq + 1, next.Seq);
        Assert.Equal((1, 0), await UnreadAsync(bruno, room));
        Assert.Equal([next.Seq], (await bruno.GetAsync<MessagePage>(Messages(room) + "?after=0")).Messages.Select(it => it.Seq));
        Assert.False((await bruno.GetAsync<MessagePage>($"{Messages(room)}?after={lastSeq}")).HasBefore);
    }

    [Fact]
    public async Task What_is_more_than_one_unit_of_work_goes_in_one_run()
    {
        using var ana = await server.SignUpAsync();
        var room = (await ana.CreateRoomAsync()).RoomId;
        await using var ear = await ana.ListenAsync();
        var many = PurgeRoom.MostTogether * 2 + 50;
        for (var i = 0; i < many; i++) await ear.SendAsync(new Post(room, $"many-{i}", $"{i}"));
        for (var i = 0; i < many; i++) await ear.NextAsync<Ack>();
        await KeepAsync(room, 1);
        await ear.NextAsync<RoomChange>();
        server.Forward(TimeSpan.FromDays(2));
        var kept = await ana.SayAsync(room, "kept");

        await RunAsync();

        long[] firsts = [(await ear.NextAsync<RoomChange>()).Room.FirstSeq, (await ear.NextAsync<RoomChange>()).Room.FirstSeq, (await ear.NextAsync<RoomChange>()).Room.FirstSeq];
        Assert.Equal([PurgeRoom.MostTogether + 1, PurgeRoom.MostTogether * 2 + 1, kept.Seq], firsts);
        Assert.Equal($"{kept.Seq - 1}", Assert.Single(await server.AuditAsync(AuditAction.MessagesPurged, room)).Details!["count"]);
        Assert.Equal([kept.Seq], (await ana.HistoryAsync(room)).Select(it => it.Seq));
    }

    [Fact]
    public async Task A_room_says_otherwise_than_the_server()
    {
        using var ana = await server.SignUpAsync();
        var (asServer, forever, shorter) =
            ((await ana.CreateRoomAsync()).RoomId, (await ana.CreateRoomAsync()).RoomId, (await ana.CreateRoomAsync(RoomKind.Closed)).RoomId);
        var direct = (await ana.PostAsync<Place>("/api/v1/rooms/direct", new DirectRoomBody([]))).RoomId;
        long[] rooms = [asServer, forever, shorter, direct];
        foreach (var room in rooms) await ana.SayAsync(room, "old");
        await KeepAsync(forever, 0);
        await KeepAsync(shorter, 5);

        async Task<long[]> KeptAsync()
        {
            await RunAsync();
            var kept = new List<long>();
            foreach (var room in rooms)
                if ((await ana.HistoryAsync(room)).Any(it => it.Body == "old")) kept.Add(room);
            return [.. kept];
        }
        server.Forward(TimeSpan.FromDays(4));
        Assert.Equal(rooms, await KeptAsync()); // nothing is said, and nothing is old enough
        server.Forward(TimeSpan.FromDays(2));
        Assert.Equal([asServer, forever, direct], await KeptAsync());
        await server.Owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(RetentionDays: 5));
        try
        {
            Assert.Equal([forever], await KeptAsync());
        }
        finally
        {
            await server.Owner.PatchAsync<ServerSettings>("/api/v1/settings", new SettingsBody(RetentionDays: 0));
        }
    }

    [Fact]
    public async Task Of_a_deleted_room_nothing_is_left_but_spent_cids()
    {
        var (place, people) = await server.Server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var first = new DraftBody($"deleted-{place.RoomId}", "old");
        var ack = await people[0].PostAsync<Ack>(Messages(place.RoomId), first);
        await people[1].PutAsync<SavedMessage>($"{Messages(place.RoomId)}/{ack.Seq}/saved", null);
        await server.Owner.DoneAsync(HttpMethod.Delete, $"/api/v1/rooms/{place.RoomId}");

        await Task.WhenAll(RunAsync(), RunAsync(), RunAsync());
        await RunAsync();

        foreach (var table in (string[])["messages", "saved_messages", "drafts", "mentions", "message_edits", "reports"])
            Assert.Equal(0, await server.Server.CountAsync($"SELECT COUNT(*) FROM {table} WHERE room_id = {place.RoomId}"));
        Assert.Equal($"{ack.Seq}", Assert.Single(await server.AuditAsync(AuditAction.MessagesPurged, place.RoomId)).Details!["count"]);
        Assert.Equal(ack with { Duplicate = true }, await people[0].PostAsync<Ack>(Messages(place.RoomId), first));
        Assert.Equal("not_found", (await people[0].RefusedAsync(HttpMethod.Get, Messages(place.RoomId))).Code);
    }

    [Fact]
    public async Task It_comes_by_itself_a_moment_after_the_start()
    {
        var clock = new SettableClock();
        await using var young = await ChatServer.StartAsync(static options => options, clock);
        using var owner = await young.SignUpAsync();
        var room = await owner.CreateRoomAsync();
        await owner.PatchAsync<Room>($"/api/v1/rooms/{room.RoomId}", new RoomPatchBody(RetentionDays: 1));
        await using var ear = await owner.ListenAsync();
        clock.Forward(TimeSpan.FromDays(2));

        Assert.Equal(2, (await ear.NextAsync<RoomChange>(it => it.Room.FirstSeq > 1)).Room.FirstSeq);
    }

    static async Task<(long, long)> UnreadAsync(Guest who, long roomId) =>
        await who.PlaceAsync(roomId) is var place ? (place.Unread, place.Mentions) : default;
}
