using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Storage;

namespace Olha.Server.Tests.Messages;

/// <summary>Two servers that post into the same rooms of one PostgreSQL database.</summary>
[Trait(ChatServer.Inside, "asks the database")]
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    const string Stored = "SELECT seq, cid, body FROM messages WHERE room_id = @room ORDER BY seq";
    const string Heads = "SELECT last_seq, last_rev FROM rooms WHERE id = @room";
    const string Revs = """
        SELECT rev FROM messages WHERE room_id = @room
        UNION ALL SELECT rev FROM memberships WHERE room_id = @room
        UNION ALL SELECT rev FROM rooms WHERE id = @room
        """;

    // At commit, when all checks are deferred to, the first connection that commits this is cut. A sequence is not taken back.
    const string CutOnce = """
        CREATE SEQUENCE cuts;
        CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN IF nextval(''cuts'') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (NEW.body = 'cut me') EXECUTE FUNCTION cut();
        """;

    TestDatabase? _database;
    CommitEater? _eater;
    ChatServer _one = null!, _other = null!;
    Guest _ana = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(TestDatabase.HasPostgres, "There is no PostgreSQL for tests; script/test starts one.");
        _database = await TestDatabase.OnPostgresAsync();
        _eater = new(_database.Apply(new ServerOptions()).DatabaseUrl!);
        _one = await ChatServer.StartAsync(it => it with { DatabaseUrl = _eater.Url });
        _other = await ChatServer.StartAsync(_database.Apply);
        _ana = await _one.SignUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is null) return;
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _eater!.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Posts_at_both_to_the_same_rooms_are_one_order_without_gaps_and_each_is_acknowledged_once()
    {
        const int Each = 400;
        var bruno = await _one.SignUpAsync("bruno");
        long[] rooms = [(await _ana.CreateRoomAsync()).RoomId, (await _ana.CreateRoomAsync()).RoomId, (await _ana.CreateRoomAsync()).RoomId];
        foreach (var room in rooms) await bruno.JoinAsync(room);
        Guest[] authors = [_ana, At(_other, bruno), At(_other, _ana), bruno];
        var ears = await Task.WhenAll(authors.Select(it => it.ListenAsync()));

        await Task.WhenAll(ears.Select((ear, who) => Task.Run(async () =>
        {
            // The rooms in another order for each.
            for (var i = 0; i < Each; i++)
                await ear.SendAsync(new Post(rooms[(who % 2 == 0 ? i : rooms.Length * Each - i) % rooms.Length], $"p{who}-{i}", $"{who} {i}"));
        }, TestContext.Current.CancellationToken)));

        for (var who = 0; who < ears.Length; who++)
        {
            var acks = new List<Ack>();
            while (acks.Count < Each) acks.Add(await ears[who].NextAsync<Ack>());
            Assert.Equal(Each, acks.Select(it => it.Cid).Distinct().Count());
            Assert.DoesNotContain(acks, it => it.Duplicate);
            await ears[who].DisposeAsync();
        }
        foreach (var room in rooms)
        {
            var stored = await StoredAsync(room);
            Assert.All(
                Enumerable.Range(0, authors.Length), who => Assert.Equal(
                    stored.Where(it => it.Body?.StartsWith($"{who} ", StringComparison.Ordinal) == true).Select(it => int.Parse(it.Body![2..])).Order(),
                    stored.Where(it => it.Body?.StartsWith($"{who} ", StringComparison.Ordinal) == true).Select(it => int.Parse(it.Body![2..]))));
        }
        Assert.Equal(authors.Length * Each, (await Task.WhenAll(rooms.Select(StoredAsync))).Sum(it => it.Count(row => row.Cid is not null)));
    }

    [Fact]
    public async Task A_cid_that_is_used_at_both_at_once_is_one_message()
    {
        var room = (await _ana.CreateRoomAsync()).RoomId;
        var there = At(_other, _ana);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).SelectMany(i => (Task<Ack>[])
            [Say(_ana, i), Say(there, i), Say(there, i), Say(_ana, i)]));

        foreach (var same in answers.GroupBy(it => it.Cid))
        {
            Assert.Single(same, it => !it.Duplicate);
            Assert.Single(same.Select(it => (it.Seq, it.Id, it.CreatedAt)).Distinct());
        }
        Assert.Equal(50, (await StoredAsync(room)).Count(it => it.Cid is not null));

        Task<Ack> Say(Guest who, int i) => who.PostAsync<Ack>($"/api/v1/rooms/{room}/messages", new DraftBody($"same-{i}", $"{i}"));
    }

    [Fact]
    public async Task A_cid_that_is_used_in_two_rooms_at_once_is_one_message_and_a_conflict_and_leaves_no_gap()
    {
        long[] rooms = [(await _ana.CreateRoomAsync()).RoomId, (await _ana.CreateRoomAsync()).RoomId];
        var there = At(_other, _ana);
        var took = await Task.WhenAll(Enumerable.Range(0, 100).SelectMany(i => (Task<bool>[])[Say(_ana, rooms[0], i), Say(there, rooms[1], i)]));

        Assert.Equal(100, took.Count(it => it));
        Assert.Equal(100, (await Task.WhenAll(rooms.Select(StoredAsync))).Sum(it => it.Count(row => row.Cid is not null)));

        async Task<bool> Say(Guest who, long room, int i)
        {
            using var answer = await who.SendAsync(HttpMethod.Post, $"/api/v1/rooms/{room}/messages", new DraftBody($"both-{i}", "the same"));
            if (!answer.IsSuccessStatusCode) Assert.Equal("conflict", (await answer.ProblemAsync()).Code);
            return answer.IsSuccessStatusCode;
        }
    }

    [Fact]
    public async Task A_post_whose_commit_was_not_answered_is_asked_for_acknowledged_and_heard()
    {
        var room = (await _ana.CreateRoomAsync()).RoomId;
        await using var ear = await _ana.ListenAsync();
        _eater!.Eat(1);

        await ear.SendAsync(new Post(room, "eaten", "it is there"));

        var ack = await ear.NextAsync<Ack>();
        var heard = await ear.NextAsync<MessageChange>(it => it.Message.Kind == MessageKind.Text);
        Assert.Equal(1, _eater.Eaten);
        Assert.Equal(("eaten", false, heard.Message.Seq), (ack.Cid, ack.Duplicate, ack.Seq));
        Assert.Equal("it is there", heard.Message.Body);
        Assert.Equal(heard.Message, await _ana.MessageAsync(room, heard.Message.Seq));
        Assert.Single(await StoredAsync(room), it => it.Cid is not null);
    }

    [Fact]
    public async Task A_post_whose_connection_was_lost_before_the_commit_is_stored_by_the_next_one()
    {
        var room = (await _ana.CreateRoomAsync()).RoomId;
        await _one.Get<Database>().WriteAsync(tx => tx.ExecuteAsync(CutOnce), TestContext.Current.CancellationToken);

        var ack = await _ana.SayAsync(room, "cut me");

        Assert.False(ack.Duplicate);
        Assert.Equal(["cut me"], (await StoredAsync(room)).Where(it => it.Cid is not null).Select(it => it.Body));
    }

    static Guest At(ChatServer server, Guest guest) => new(server.Address, guest.Me, guest.Token!);

    /// <summary>A room's messages, whose places are counted without gaps, as are its revisions.</summary>
    async Task<List<(long Seq, string? Cid, string? Body)>> StoredAsync(long room)
    {
        var (rows, heads, revs) = await _other.Get<Database>().ReadAsync(async session => (
            await session.ListAsync(
                Stored, row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)), ("@room", room)),
            await session.FirstOrDefaultAsync(Heads, row => (Seq: row.GetInt64(0), Rev: row.GetInt64(1)), ("@room", room)),
            await session.ListAsync(Revs, row => row.GetInt64(0), ("@room", room))), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, (int)heads.Seq).Select(it => (long)it), rows.Select(it => it.Item1));
        Assert.Equal(Enumerable.Range(1, (int)heads.Rev).Select(it => (long)it), revs.Distinct().Order());
        return rows;
    }
}
