using Olha.Testing;

namespace Olha.Storage.Tests;

public sealed class SqliteUnitOfWorkTests() : UnitOfWorkTests(new SqlitePlace());

public sealed class PostgresUnitOfWorkTests(PostgresServer server) : UnitOfWorkTests(new PostgresPlace(server));

public abstract class UnitOfWorkTests(Place place) : IAsyncLifetime
{
    static readonly CancellationToken None = CancellationToken.None;

    Database Db { get; set; } = null!;

    public async ValueTask InitializeAsync() => Db = await place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await place.DisposeAsync();
    }

    [Fact]
    public async Task A_unit_is_stored_whole()
    {
        await Db.WriteAsync(async tx => await tx.SayAsync("one") + await tx.SayAsync("two", room: 2), None);

        Assert.Equal(["one", "two"], await Db.WordsAsync());
    }

    [Fact]
    public async Task A_unit_that_throws_leaves_nothing_and_its_neighbours_stay()
    {
        var said = Enumerable.Range(0, 40).Select(i => Db.WriteAsync(async tx =>
        {
            var seq = await tx.SayAsync($"{i}");
            return i % 4 == 0 ? throw new InvalidOperationException($"{i} is refused") : seq;
        }, None).AsTask()).ToList();

        for (var i = 0; i < said.Count; i++)
        {
            if (i % 4 != 0) await said[i];
            else Assert.Equal($"{i} is refused", (await Assert.ThrowsAsync<InvalidOperationException>(() => said[i])).Message);
        }

        Assert.Equal(Enumerable.Range(0, 40).Where(i => i % 4 != 0).Select(i => $"{i}").Order(), (await Db.WordsAsync()).Order());
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), await Db.SeqsAsync());
    }

    [Fact]
    public async Task A_wrong_statement_fails_its_own_unit_only()
    {
        var good = Db.SayAsync("good").AsTask();
        var bad = Db.WriteAsync(async tx => await tx.SayAsync("lost") + await tx.ExecuteAsync("INSERT INTO nowhere VALUES (1)"), None);
        var better = Db.SayAsync("better").AsTask();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bad.AsTask());
        await Task.WhenAll(good, better);
        Assert.Equal(["better", "good"], (await Db.WordsAsync()).Order());
    }

    [Fact]
    public async Task A_unit_that_rolls_back_stores_nothing_and_returns_its_value()
    {
        var announced = false;
        var answer = await Db.WriteAsync(async tx =>
        {
            await tx.SayAsync("never");
            tx.AfterCommit(() => announced = true);
            tx.Rollback();
            return "refused";
        }, None);

        Assert.Equal("refused", answer);
        Assert.False(announced);
        Assert.Empty(await Db.WordsAsync());
        Assert.Equal(1, await Db.SayAsync("first"));
    }

    [Fact]
    public async Task Announcements_run_in_order_when_others_can_read_what_they_announce_and_before_the_answer()
    {
        var heard = new List<string>();
        await Db.WriteAsync(async tx =>
        {
            await tx.SayAsync("news");
            tx.AfterCommit(() => heard.AddRange(Task.Run(async () => await Db.WordsAsync()).GetAwaiter().GetResult()));
            tx.AfterCommit(() => heard.Add("second"));
            return 0;
        }, None);

        Assert.Equal(["news", "second"], heard);
    }

    [Fact]
    public async Task Announcements_of_one_stream_run_in_the_order_of_its_numbers()
    {
        var heard = new List<long>[] { [], [], [] };
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                var room = 1 + (writer + i) % 2;
                await Db.WriteAsync(async tx =>
                {
                    var seq = await tx.SayAsync($"{writer}-{i}", room);
                    tx.AfterCommit(() => heard[room].Add(seq));
                    return seq;
                }, None);
            }
        })));

        Assert.Equal(Enumerable.Range(1, 480).Select(i => (long)i), heard[1]);
        Assert.Equal(heard[1], heard[2]);
    }

    [Fact]
    public async Task A_unit_that_throws_announces_nothing()
    {
        var announced = false;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Db.WriteAsync<int>(tx =>
        {
            tx.AfterCommit(() => announced = true);
            throw new InvalidOperationException();
        }, None).AsTask());

        await Db.SayAsync("after");
        Assert.False(announced);
    }

    [Fact]
    public async Task A_failing_announcement_hurts_nobody()
    {
        var heard = 0;
        await Db.WriteAsync(tx =>
        {
            tx.AfterCommit(() => throw new InvalidOperationException());
            tx.AfterCommit(() => heard++);
            return new ValueTask<int>(0);
        }, None);

        Assert.Equal(1, heard);
        Assert.Equal(1, await Db.SayAsync("still here"));
    }

    [Fact]
    public async Task A_lane_keeps_the_order_in_which_units_were_handed_in()
    {
        var lanes = new[] { new Lane(), new Lane() };
        var said = Enumerable.Range(0, 200)
            .Select(i => Db.SayAsync($"{i}", room: 1 + i % 2, lanes[i % 2]).AsTask()).ToList();

        var seqs = await Task.WhenAll(said);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => 1L + i / 2), seqs);
    }

    [Fact]
    public async Task A_unit_given_up_while_it_waits_never_runs_and_the_lane_goes_on_in_order()
    {
        using var give = new CancellationTokenSource();
        using var gate = new Gate();
        var lane = new Lane();
        var ran = false;
        var first = await gate.HoldAsync(Db, "first", lane);
        var given = Db.WriteAsync(tx =>
        {
            ran = true;
            return tx.SayAsync("given up");
        }, give.Token, lane);
        var third = Db.SayAsync("third", lane: lane);

        await give.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.AsTask());
        gate.Open();

        Assert.Equal(1, await first);
        Assert.Equal(2, await third);
        Assert.False(ran);
    }

    [Fact]
    public async Task Many_writers_of_one_stream_leave_no_gap()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) await Db.SayAsync($"{writer}-{i}");
        })));

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), await Db.SeqsAsync());
    }

    [Fact]
    public async Task A_session_is_of_no_use_after_its_unit()
    {
        Transaction? kept = null;
        await Db.WriteAsync(tx => tx.SayAsync((kept = tx).Dialect.ToString()), None);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await kept!.SayAsync("late"));
        Assert.Throws<InvalidOperationException>(() => kept!.Connection);
    }

    [Fact]
    public async Task What_was_handed_in_before_closing_is_stored_and_later_is_refused()
    {
        var said = Enumerable.Range(0, 50).Select(i => Db.SayAsync($"{i}").AsTask()).ToList();
        await Db.DisposeAsync();

        await Task.WhenAll(said);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Db.SayAsync("late").AsTask());
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Db.WordsAsync().AsTask());

        Db = await place.OpenAsync();
        Assert.Equal(50, (await Db.WordsAsync()).Count);
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_as_busy()
    {
        await Db.DisposeAsync();
        Db = await Database.OpenAsync(await place.OptionsAsync() with { QueueCapacity = 3 }, None);
        using var gate = new Gate();
        var lane = new Lane();
        var running = await gate.HoldAsync(Db, "running", lane);

        var more = Enumerable.Range(0, 4).Select(i => Say($"{i}")).ToList();
        var refused = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => more[3]);
        Assert.Contains("busy", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.OutcomeUnknown);

        gate.Open();
        await running;
        await more[0];
        await Db.SayAsync("again");

        async Task<long> Say(string word) => await Db.SayAsync(word, lane: lane);
    }
}
