using System.Net;
using Olha.Protocol;

namespace Olha.Server.Tests.Messages;

/// <summary>Saying something: once, in order, kept, heard by those who are there.</summary>
public sealed class PostTests(ChatServer server) : IClassFixture<ChatServer>
{
    [Fact]
    public async Task A_message_is_acknowledged_heard_by_all_and_there_to_be_read()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var ana = await people[0].ListenAsync();
        await using var bruno = await people[1].ListenAsync();

        await ana.SendAsync(new Post(room.RoomId, "a1", "olá, ção 👋"));

        var ack = await ana.NextAsync<Ack>();
        var own = (await ana.NextAsync<MessageChange>()).Message;
        var heard = (await bruno.NextAsync<MessageChange>()).Message;
        Assert.Equal(("a1", false, own.Seq), (ack.Cid, ack.Duplicate, ack.Seq));
        Assert.Equal(("olá, ção 👋", "a1", people[0].Id), (heard.Body, heard.Cid, heard.AuthorId));
        Assert.Equal(own, heard);
        Assert.Equal(own, (await people[1].HistoryAsync(room.RoomId))[^1]);
        Assert.Equal(own, await people[1].GetAsync<Message>($"/api/v1/rooms/{room.RoomId}/messages/{own.Seq}"));
    }

    [Fact]
    public async Task A_retried_message_is_stored_and_heard_once_through_either_door()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var ana = await people[0].ListenAsync();
        await using var bruno = await people[1].ListenAsync();
        var body = new DraftBody("retry-1", "once");

        var first = await people[0].PostAsync<Ack>($"/api/v1/rooms/{room.RoomId}/messages", body);
        using var again = await people[0].SendAsync(HttpMethod.Post, $"/api/v1/rooms/{room.RoomId}/messages", body);
        await ana.SendAsync(new Post(room.RoomId, "retry-1", "once"));
        var third = await ana.NextAsync<Ack>();

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first with { Duplicate = true }, third);
        Assert.Single(await bruno.AllAsync<MessageChange>(people[0]));
        Assert.Single(await people[1].HistoryAsync(room.RoomId), it => it.Body == "once");
    }

    [Fact]
    public async Task The_same_cid_for_something_else_is_a_conflict_wherever_it_is_said()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var path = $"/api/v1/rooms/{room.RoomId}/messages";
        await people[0].PostAsync<Ack>(path, new DraftBody("c-1", "one"));

        Assert.Equal("conflict", (await people[0].RefusedAsync(HttpMethod.Post, path, new DraftBody("c-1", "two"))).Code);
        Assert.Equal("conflict", (await people[0].RefusedAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody("c-1", "one"))).Code);
        // Another author's cids are their own.
        Assert.False((await people[1].PostAsync<Ack>(path, new DraftBody("c-1", "mine"))).Duplicate);
        // What was refused took no place.
        Assert.Equal(2, (await people[0].HistoryAsync(room.RoomId)).Count(it => it.Kind == MessageKind.Text));
        var messages = await people[0].HistoryAsync(room.RoomId);
        Assert.Equal(Enumerable.Range(1, messages.Count).Select(it => (long)it), messages.Select(it => it.Seq));
    }

    [Fact]
    public async Task A_repeat_is_answered_as_before_though_its_author_has_left()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        var path = $"/api/v1/rooms/{room.RoomId}/messages";
        var first = await people[1].PostAsync<Ack>(path, new DraftBody("left-1", "bye"));
        await people[1].LeaveAsync(room.RoomId);

        Assert.Equal(first with { Duplicate = true }, await people[1].PostAsync<Ack>(path, new DraftBody("left-1", "bye")));
        Assert.Equal("not_found", (await people[1].RefusedAsync(HttpMethod.Post, path, new DraftBody("left-2", "more"))).Code);
    }

    [Fact]
    public async Task One_connections_posts_are_stored_in_the_order_in_which_they_arrived()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno");
        await using var ana = await people[0].ListenAsync();
        await using var bruno = await people[1].ListenAsync();
        const int Count = 300;

        for (var i = 0; i < Count; i++) await ana.SendAsync(new Post(room.RoomId, $"o{i}", $"{i}"));

        for (var i = 0; i < Count; i++) await ana.NextAsync<Ack>();
        for (var i = 0; i < Count; i++) Assert.Equal($"{i}", (await bruno.NextAsync<MessageChange>()).Message.Body);
    }

    [Fact]
    public async Task Many_authors_at_once_are_heard_by_all_in_one_order_without_gaps()
    {
        var (room, people) = await server.RoomWithAsync(RoomKind.Closed, "ana", "bruno", "carla", "davi");
        var ears = await Task.WhenAll(people.Select(it => it.ListenAsync()));
        const int Each = 60;

        await Task.WhenAll(ears.Select((ear, who) => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++) await ear.SendAsync(new Post(room.RoomId, $"m{who}-{i}", $"{who} {i}"));
        }, TestContext.Current.CancellationToken)));

        var heard = new List<List<Message>>();
        foreach (var ear in ears)
        {
            var all = new List<Message>();
            while (all.Count < Each * people.Length) all.Add((await ear.NextAsync<MessageChange>()).Message);
            heard.Add(all);
            await ear.DisposeAsync();
        }
        Assert.All(heard, it => Assert.Equal(heard[0], it));
        Assert.All(heard[0].Zip(heard[0].Skip(1)), it => Assert.Equal((it.First.Seq + 1, it.First.Rev + 1), (it.Second.Seq, it.Second.Rev)));
        for (var who = 0; who < people.Length; who++)
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{who} {i}"), heard[0].Select(it => it.Body!).Where(it => it.StartsWith($"{who} ")));
    }

    [Theory]
    [InlineData(4000, true)]
    [InlineData(4001, false)]
    public async Task Length_is_counted_in_characters_not_in_bytes_or_halves(int length, bool taken)
    {
        var ana = await server.SignUpAsync();
        var body = new DraftBody($"l-{length}", string.Concat(Enumerable.Repeat("👋", length)));

        using var response = await ana.SendAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", body);

        if (taken) Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        else
        {
            var problem = await response.ProblemAsync();
            Assert.Equal(("too_long", 4000), (problem.Code, problem.Params!["limit"]));
        }
    }

    [Fact]
    public async Task Line_ends_become_line_feeds_and_tabs_stay()
    {
        var ana = await server.SignUpAsync();

        await ana.SayAsync(1, "one\r\ntwo\rthree\n\tfour");

        Assert.Equal("one\ntwo\nthree\n\tfour", (await ana.HistoryAsync(1))[^1].Body);
    }

    [Fact]
    public async Task Who_is_not_in_the_room_may_not_speak()
    {
        var (open, _) = await server.RoomWithAsync(RoomKind.Open, "ana");
        var (closed, _) = await server.RoomWithAsync(RoomKind.Closed, "ana");
        var outsider = await server.SignUpAsync();

        Assert.Equal("not_member", (await outsider.RefusedAsync(HttpMethod.Post, $"/api/v1/rooms/{open.RoomId}/messages", new DraftBody("x1", "x"))).Code);
        Assert.Equal("not_found", (await outsider.RefusedAsync(HttpMethod.Post, $"/api/v1/rooms/{closed.RoomId}/messages", new DraftBody("x2", "x"))).Code);
    }

    [Fact]
    public async Task Too_fast_is_refused_with_the_time_to_wait_and_is_said_later()
    {
        await using var slow = await ChatServer.StartAsync(it => it with { MessagesPerSecond = 0.25, MessageBurst = 3 });
        var ana = await slow.SignUpAsync();
        await using var ear = await ana.ListenAsync();

        for (var i = 0; i < 4; i++) await ear.SendAsync(new Post(1, $"f{i}", $"{i}"));

        var refused = await ear.NextAsync<Refused>();
        Assert.Equal(("post", "f3", "too_fast", true), (refused.Of, refused.Cid, refused.Code, refused.Retry));
        Assert.InRange(refused.RetryAfterMs!.Value, 1, 4000);
        // Timers go by a coarse clock and may fire some milliseconds early.
        await Task.Delay(TimeSpan.FromMilliseconds(refused.RetryAfterMs.Value + 50), TestContext.Current.CancellationToken);
        await ear.SendAsync(new Post(1, "f3", "3"));
        Assert.Equal("f3", (await ear.NextAsync<Ack>(it => it.Cid == "f3")).Cid);

        using var http = await ana.SendAsync(HttpMethod.Post, "/api/v1/rooms/1/messages", new DraftBody("f4", "4"));
        Assert.Equal("too_fast", (await http.ProblemAsync()).Code);
        Assert.NotNull(http.Headers.RetryAfter);
    }

    [Fact]
    public async Task Who_does_not_stop_is_sent_away_for_a_while()
    {
        await using var slow = await ChatServer.StartAsync(it => it with { MessagesPerSecond = 0.1, MessageBurst = 1 });
        await using var ear = await (await slow.SignUpAsync()).ListenAsync();

        // A hundred refusals in a row are too many; the one post that was let through ends the row when its commit is done.
        for (var i = 0; i < 300 && ear.Closed is null; i++)
        {
            try
            {
                await ear.SendAsync(new Post(1, $"s{i}", "spam"));
            }
            catch (System.Net.WebSockets.WebSocketException)
            {
                break; // closed while we were sending
            }
        }

        Assert.Equal(CloseCode.Rate, await ear.ClosedAsync());
        Assert.True((await ear.NextAsync<Bye>()).RetryMs >= 30_000);
    }
}
