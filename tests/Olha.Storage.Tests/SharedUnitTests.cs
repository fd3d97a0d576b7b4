using Olha.Testing;

namespace Olha.Storage.Tests;

public sealed class SqliteSharedUnitTests() : SharedUnitTests(new SqlitePlace())
{
    [Fact]
    public async Task Units_that_follow_one_another_share_and_another_ends_it()
    {
        var made = new List<SharedPlaces?>();
        Task<int> ShareAsync() => Db.WriteAsync(tx =>
        {
            made.Add(tx.Share(static () => new SharedPlaces()));
            return new ValueTask<int>(0);
        }, CancellationToken.None).AsTask();

        await ShareAsync();
        await ShareAsync();
        await Db.SayAsync("on its own");
        await ShareAsync();

        Assert.All(made, Assert.NotNull);
        Assert.Same(made[0], made[1]);
        Assert.NotSame(made[1], made[2]);
    }
}

public sealed class PostgresSharedUnitTests(PostgresServer server) : SharedUnitTests(new PostgresPlace(server));

/// <summary>Units that share what they know, among others that don't: whatever the mix, the counted heads are the true ones.</summary>
public abstract class SharedUnitTests(Place place) : IAsyncLifetime
{
    const string Add = "INSERT INTO notes (room_id, seq, word) VALUES (@room, @seq, @word) ON CONFLICT (word) DO NOTHING";

    protected Database Db { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Db = await place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await place.DisposeAsync();
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task Any_mix_of_units_leaves_the_heads_true_and_no_gap(int seed)
    {
        var chance = new Random(seed);
        var words = 0;
        var units = new List<(string Word, long Room, Task<long?> Said)>();
        for (var i = 0; i < 600; i++)
        {
            var room = 1 + chance.Next(2);
            var word = $"w{words++}";
            switch (chance.Next(100))
            {
                case < 60: Say(word, room); break;
                case < 70: Say($"w{chance.Next(words)}", room); break; // perhaps said before
                case < 78: units.Add(($"a{i}", room, AloneAsync($"a{i}", room))); break;
                case < 82: Say(word, room, static tx => throw new InvalidOperationException("after it wrote")); break;
                case < 86: Say(word, room, static tx => tx.Rollback()); break;
                case < 89: units.Add((word, room, RefusedAsync(room))); break;
                case < 92: units.Add((word, room, LookAsync(room))); break;
                case < 94: units.Add(($"t{i}", room, ThrowAloneAsync($"t{i}", room))); break;
                default: await Task.WhenAll(units.Select(static it => it.Said.ContinueWith(static _ => { }, TaskScheduler.Default))); break;
            }
        }

        var said = new Dictionary<string, (long Room, long Seq)>();
        foreach (var (word, room, unit) in units)
        {
            try
            {
                if (await unit is { } seq) Assert.True(said.TryAdd(word, (room, seq)), $"{word} was said twice.");
            }
            catch (InvalidOperationException)
            {
                // As it was told to.
            }
        }
        for (var room = 1L; room <= 2; room++)
        {
            var here = said.Values.Where(it => it.Room == room).Select(it => it.Seq).Order().ToList();
            Assert.Equal(Enumerable.Range(1, here.Count).Select(i => (long)i), here);
            Assert.Equal(here, await Db.SeqsAsync(room));
            Assert.Equal(here.Count, await Db.ReadAsync(session => session.HeadAsync(room), CancellationToken.None));
        }
        Assert.Equal(said.Keys.Order(), (await Db.WordsAsync()).Order());

        void Say(string word, long room, Action<Transaction>? then = null) => units.Add((word, room, SayTogetherAsync(word, room, then)));
    }

    // As a post: a place that is free, taken when the row is there; without anybody to share with, under the room's lock.
    Task<long?> SayTogetherAsync(string word, long room, Action<Transaction>? then) => Db.WriteAsync<long?>(async tx =>
    {
        var shared = tx.Share(static () => new SharedPlaces());
        var seq = shared is null ? await tx.AdvanceAsync(room) : await shared.NextAsync(tx, room);
        if (await tx.ExecuteAsync(Add, ("@room", room), ("@seq", seq), ("@word", word)) == 0)
        {
            tx.Rollback();
            return null;
        }
        shared?.Taken(room, seq);
        then?.Invoke(tx);
        return tx.RolledBack ? null : seq;
    }, CancellationToken.None).AsTask();

    Task<long?> AloneAsync(string word, long room) =>
        Db.WriteAsync<long?>(async tx => await tx.SayAsync(word, room), CancellationToken.None).AsTask();

    Task<long?> ThrowAloneAsync(string word, long room) => Db.WriteAsync<long?>(async tx =>
    {
        await tx.SayAsync(word, room);
        throw new InvalidOperationException("after it wrote");
    }, CancellationToken.None).AsTask();

    // Looks at what is shared, is refused, and has written nothing.
    Task<long?> RefusedAsync(long room) => Db.WriteAsync<long?>(async tx =>
    {
        if (tx.Share(static () => new SharedPlaces()) is { } shared) await shared.NextAsync(tx, room);
        tx.Rollback();
        return null;
    }, CancellationToken.None).AsTask();

    // Whoever looks from outside sees what is counted so far.
    Task<long?> LookAsync(long room) => Db.WriteAsync<long?>(async tx =>
    {
        Assert.Equal(0, await tx.UncountedAsync(room));
        return null;
    }, CancellationToken.None).AsTask();
}
