using Olha.Testing;

namespace Olha.Storage.Tests;

public sealed class SqliteSnapshotTests() : SnapshotTests(new SqlitePlace());

public sealed class PostgresSnapshotTests(PostgresServer server) : SnapshotTests(new PostgresPlace(server));

public abstract class SnapshotTests(Place place) : IAsyncLifetime
{
    const string AddBytes = "INSERT INTO notes (room_id, seq, word, bytes) VALUES (@room, @seq, @word, @bytes)";
    const string SelectBytes = "SELECT word, bytes, seq FROM notes WHERE room_id = @room AND seq = @seq";

    static readonly CancellationToken None = CancellationToken.None;

    Database Db { get; set; } = null!;

    public async ValueTask InitializeAsync() => Db = await place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await place.DisposeAsync();
    }

    [Fact]
    public async Task A_read_sees_one_state_while_others_write()
    {
        await Db.SayAsync("before");
        var (words, head) = await Db.ReadAsync(async session =>
        {
            var words = await session.WordsAsync();
            // The unit of work may not await anything else; the test may block its thread.
            Task.Run(async () => await Db.SayAsync("meanwhile")).GetAwaiter().GetResult();
            return (words, await session.HeadAsync());
        }, None);

        Assert.Equal(["before"], words);
        Assert.Equal(1, head);
        Assert.Equal(["before", "meanwhile"], await Db.WordsAsync());
    }

    [Fact]
    public async Task A_read_follows_what_was_acknowledged_before_it()
    {
        for (var i = 1; i <= 200; i++)
        {
            await Db.SayAsync($"{i}");
            Assert.Equal(i, await Db.ReadAsync(session => session.HeadAsync(), None));
        }
    }

    [Fact]
    public async Task A_reading_session_can_not_write()
    {
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
            Db.ReadAsync(session => session.ExecuteAsync("UPDATE rooms SET last_seq = 9"), None).AsTask());

        Assert.Equal(0, await Db.ReadAsync(session => session.HeadAsync(), None));
    }

    [Fact]
    public async Task A_read_that_throws_leaves_the_next_one_well()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Db.ReadAsync<int>(_ => throw new InvalidOperationException(), None).AsTask());

        Assert.Empty(await Db.WordsAsync());
    }

    [Fact]
    public async Task Many_reads_at_once_all_get_their_answer()
    {
        await Db.SayAsync("here");
        var reads = Enumerable.Range(0, 300).Select(_ => Task.Run(async () => await Db.WordsAsync()));

        Assert.All(await Task.WhenAll(reads), words => Assert.Equal(["here"], words));
    }

    [Theory]
    [InlineData("olá, açaí 🎉")]
    [InlineData("")]
    [InlineData("quote ' and \\ and %")]
    public async Task Values_come_back_as_they_went(string word)
    {
        foreach (var bytes in (byte[]?[])[null, [], [0, 1, 255], new byte[100_000]])
        {
            var seq = await Db.WriteAsync(async tx =>
            {
                await tx.ExecuteAsync("DELETE FROM notes");
                return await tx.ExecuteAsync(AddBytes, ("@bytes", bytes), ("@room", 1), ("@seq", long.MaxValue), ("@word", word));
            }, None);
            Assert.Equal(1, seq);

            var found = await Db.ReadAsync(session => session.FirstOrDefaultAsync(SelectBytes,
                row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1), row.GetInt64(2)),
                ("@room", 1), ("@seq", long.MaxValue)), None);
            Assert.Equal((word, long.MaxValue), (found.Item1, found.Item3));
            Assert.Equal(bytes, found.Item2);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_default()
    {
        var (row, none, word) = await Db.ReadAsync(async session => (
            await session.FirstOrDefaultAsync(SelectBytes, row => row.GetString(0), ("@room", 1), ("@seq", 1)),
            await session.ScalarAsync<long?>("SELECT max(seq) FROM notes"),
            await session.ScalarAsync<string>("SELECT word FROM notes")), None);

        Assert.Null(row);
        Assert.Null(none);
        Assert.Null(word);
        Assert.Equal(0, await Db.WriteAsync(tx => tx.ExecuteAsync("DELETE FROM notes"), None));
    }
}
