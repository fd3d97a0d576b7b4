using Olha.Protocol;

namespace Olha.Server.Tests.Gateway;

/// <summary>Coming back: exactly what was missed, without a seam.</summary>
public sealed class ResumeTests(ChatServer server) : IClassFixture<ChatServer>
{
    static Hello Holding(Welcome welcome, params (long RoomId, long Rev)[] rooms) => new(
        welcome.Epoch, welcome.PersonHead, welcome.ServerHead, rooms.ToDictionary(it => it.RoomId, it => it.Rev));

    Task<Ear> BackAsync(Guest guest, Hello hello) => Ear.OpenAsync(server.Address, guest.Token!, hello);

    static long HeadOf(Ear ear, long roomId) => ear.Welcome.Rooms.Single(it => it.RoomId == roomId).Head;

    [Fact]
    public async Task What_was_missed_is_replayed_with_its_unread_state()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var bruno = await people[1].ListenAsync();
        var held = HeadOf(bruno, room.RoomId);
        await bruno.DisposeAsync();
        await people[0].SayAsync(room.RoomId, "one");
        await people[0].SayAsync(room.RoomId, "two");

        await using var back = await BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, held)));

        var missed = await back.NextAsync<RoomChanges>();
        Assert.Equal(["one", "two"], missed.Changes.Cast<MessageChange>().Select(it => it.Message.Body));
        Assert.Equal((held + 2, held + 2, 2), (missed.Complete, missed.Head, missed.Read.Unread));
        // And then what is live, from the next on.
        await people[0].SayAsync(room.RoomId, "three");
        Assert.Equal(held + 3, (await back.NextAsync<MessageChange>()).Rev);
    }

    [Fact]
    public async Task Who_missed_nothing_hears_nothing_again()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await people[0].SayAsync(room.RoomId, "one");
        var bruno = await people[1].ListenAsync();
        await bruno.DisposeAsync();

        await using var back = await BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, HeadOf(bruno, room.RoomId))));

        Assert.False(back.Welcome.PeopleComplete);
        Assert.Empty(back.Welcome.People);
        Assert.Empty(await back.AllAsync<RoomChanges>(people[0]));
    }

    [Fact]
    public async Task Rooms_that_are_not_held_are_not_replayed()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await people[0].SayAsync(room.RoomId, "one");
        await using var first = await people[1].ListenAsync();

        await using var back = await BackAsync(people[1], Holding(first.Welcome));

        Assert.Empty(await back.AllAsync<RoomChanges>(people[0]));
        Assert.Empty(await back.AllAsync<Behind>(people[0]));
    }

    // F9 of the proof found that everybody read the same again: now those who come back together share it, and hear what each missed.
    [Fact]
    public async Task Those_who_come_back_together_each_hear_what_they_missed()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var bruno = await people[1].ListenAsync();
        var held = HeadOf(bruno, room.RoomId);
        for (var i = 1; i <= 5; i++) await people[0].SayAsync(room.RoomId, $"{i}");

        for (var said = 5; said < 8; said++)
        {
            var ears = await Task.WhenAll(Enumerable.Range(0, 15).Select(i => BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, held + i % 5)))));
            for (var i = 0; i < ears.Length; i++)
            {
                await using var ear = ears[i];
                var missed = await ear.NextAsync<RoomChanges>();
                Assert.Equal(Enumerable.Range(i % 5 + 1, said - i % 5).Select(it => $"{it}"), missed.Changes.Cast<MessageChange>().Select(it => it.Message.Body));
                Assert.Equal((held + said, held + said, said), (missed.Complete, missed.Head, missed.Read.Unread));
            }
            await people[0].SayAsync(room.RoomId, $"{said + 1}"); // what was shared a moment ago is not all any more
        }
    }

    [Fact]
    public async Task Too_much_is_told_as_behind_and_fetched_over_http()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var bruno = await people[1].ListenAsync();
        var held = HeadOf(bruno, room.RoomId);
        await using var ana = await people[0].ListenAsync();
        for (var i = 0; i < 501; i++) await ana.SendAsync(new Post(room.RoomId, $"b{i}", $"{i}"));
        for (var i = 0; i < 501; i++) await ana.NextAsync<Ack>();

        await using var back = await BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, held)));

        Assert.Equal(new Behind(room.RoomId, held + 501), await back.NextAsync<Behind>());
        var piece = await people[1].GetAsync<RoomChanges>($"/api/v1/rooms/{room.RoomId}/changes?after={held}");
        Assert.Equal((500, held + 500, held + 501), (piece.Changes.Count, piece.Complete, piece.Head));
    }

    [Fact]
    public async Task Many_long_messages_are_told_as_behind_too()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var bruno = await people[1].ListenAsync();
        for (var i = 0; i < 70; i++) await people[0].SayAsync(room.RoomId, new string('x', 4000));

        await using var back = await BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, HeadOf(bruno, room.RoomId))));

        Assert.Equal(room.RoomId, (await back.NextAsync<Behind>()).RoomId);
    }

    [Fact]
    public async Task Another_epoch_starts_afresh()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await people[0].SayAsync(room.RoomId, "one");
        await using var bruno = await people[1].ListenAsync();

        await using var back = await BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, 1)) with { Epoch = "another" });

        Assert.True(back.Welcome.PeopleComplete);
        Assert.Empty(await back.AllAsync<RoomChanges>(people[0]));
    }

    [Fact]
    public async Task A_revision_above_the_head_replays_nothing_and_shows_the_head()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var bruno = await people[1].ListenAsync();

        await using var back = await BackAsync(
            people[1], Holding(bruno.Welcome, (room.RoomId, 1_000_000)) with { Server = 1_000_000, Person = 1_000_000 });

        Assert.True(back.Welcome.PeopleComplete);
        Assert.True(HeadOf(back, room.RoomId) < 1_000_000);
        Assert.Empty(await back.AllAsync<RoomChanges>(people[0]));
    }

    [Fact]
    public async Task A_room_that_was_left_meanwhile_is_absent_and_silent()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var bruno = await people[1].ListenAsync();
        await bruno.DisposeAsync();
        await people[0].RemoveAsync(room.RoomId, people[1]);
        await people[0].SayAsync(room.RoomId, "secret");

        await using var back = await BackAsync(people[1], Holding(bruno.Welcome, (room.RoomId, HeadOf(bruno, room.RoomId))));

        Assert.DoesNotContain(back.Welcome.Rooms, it => it.RoomId == room.RoomId);
        Assert.Empty(await back.AllAsync<RoomChanges>(people[0]));
        Assert.Empty(await back.AllAsync<Behind>(people[0]));
    }

    [Fact]
    public async Task People_who_changed_meanwhile_are_in_the_welcome()
    {
        var ana = await server.SignUpAsync();
        await using var first = await ana.ListenAsync();
        var bruno = await server.SignUpAsync("bruno");

        await using var back = await BackAsync(ana, Holding(first.Welcome));

        Assert.Equal([bruno.Id], back.Welcome.People.Select(it => it.Id));
    }

    [Fact]
    public async Task However_often_a_client_is_cut_it_ends_with_everything_once_in_order()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        const int Count = 400;
        var first = await people[1].ListenAsync();
        var (welcome, held) = (first.Welcome, HeadOf(first, room.RoomId));
        await first.DisposeAsync();
        var start = held;

        var talking = Task.Run(async () =>
        {
            await using var ana = await people[0].ListenAsync();
            for (var i = 0; i < Count; i++)
            {
                await ana.SendAsync(new Post(room.RoomId, $"cut{i}", $"{i}"));
                await ana.NextAsync<Ack>();
            }
        }, TestContext.Current.CancellationToken);

        var revs = new List<long>();
        var bodies = new List<string>();
        void Apply(Change change)
        {
            revs.Add(change.Rev);
            if (change is MessageChange { Message: var message }) bodies.Add(message.Body!);
        }
        var random = new Random(7);
        while (held < start + Count)
        {
            // Comes back, hears a little, is cut.
            await using var ear = await BackAsync(people[1], Holding(welcome, (room.RoomId, held)));
            if (HeadOf(ear, room.RoomId) > held)
            {
                var missed = await ear.NextAsync<RoomChanges>();
                foreach (var change in missed.Changes) Apply(change);
                held = missed.Complete;
            }
            for (var hears = random.Next(6); hears > 0 && held < start + Count; hears--)
            {
                // What the state held already may come once more, and is dropped; what follows has no gap.
                var seen = held;
                var change = await ear.NextAsync<MessageChange>(it => it.Rev > seen);
                Assert.Equal(held + 1, change.Rev);
                Apply(change);
                held = change.Rev;
            }
        }
        await talking;

        Assert.Equal(Enumerable.Range(0, Count).Select(it => $"{it}"), bodies);
        Assert.Equal(revs.Order().Distinct(), revs);
    }
}
