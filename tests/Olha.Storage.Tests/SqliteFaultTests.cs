using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Olha.Storage.Tests;

public sealed class SqliteFaultTests : IAsyncDisposable
{
    static readonly CancellationToken None = CancellationToken.None;

    readonly SqlitePlace _place = new();

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_second_process_is_refused_and_a_killed_one_leaves_no_claim()
    {
        using var first = WritingProcess.Start(_place.File);
        await first.StandardOutput.ReadLineAsync(None);

        var refused = await Assert.ThrowsAsync<DatabaseInUseException>(_place.OpenAsync);
        Assert.Contains(_place.File, refused.Message, StringComparison.Ordinal);
        using var second = WritingProcess.Start(_place.File);
        Assert.Contains("Another process has", await second.StandardError.ReadToEndAsync(None), StringComparison.Ordinal);

        first.Kill();
        await first.WaitForExitAsync(None);
        await using var db = await _place.OpenAsync();
        await db.SayAsync("mine now");
    }

    [Fact]
    public async Task A_claim_holds_through_a_link_too()
    {
        await using var db = await _place.OpenAsync();
        File.CreateSymbolicLink(_place.Folder["link.db"], _place.File);

        await Assert.ThrowsAsync<DatabaseInUseException>(() => Database.OpenAsync(SqlitePlace.At(_place.Folder["link.db"]), None));
        Assert.Equal(1, await db.SayAsync("not disturbed"));
    }

    [Fact]
    public async Task A_killed_process_loses_nothing_that_it_acknowledged()
    {
        var acknowledged = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            using var process = WritingProcess.Start(_place.File);
            // Each round is cut off elsewhere.
            for (var i = 0; i < 100 + 90 * round; i++) acknowledged.Add((await process.StandardOutput.ReadLineAsync(None))!);
            process.Kill();
            var rest = (await process.StandardOutput.ReadToEndAsync(None)).Split('\n');
            // The last line may have been cut in the middle.
            acknowledged.AddRange(rest[..^1]);
            await process.WaitForExitAsync(None);
        }

        await using var db = await _place.OpenAsync();
        var stored = (await db.WordsAsync()).ToHashSet();
        Assert.Superset(acknowledged.ToHashSet(), stored);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(i => (long)i), await db.SeqsAsync());
        Assert.Equal("ok", await db.ReadAsync(session => session.ScalarAsync<string>("PRAGMA integrity_check"), None));
    }

    [Fact]
    public async Task A_foreign_lock_is_answered_within_six_seconds_and_work_goes_on_after_it()
    {
        await using var db = await _place.OpenAsync();
        await db.SayAsync("before");
        await using var foreign = new SqliteConnection($"Data Source={_place.File};Pooling=False");
        foreign.Open();
        await using (foreign.BeginTransaction(deferred: false))
        {
            var watch = Stopwatch.StartNew();
            var waiting = Enumerable.Range(0, 20).Select(i => db.SayAsync($"{i}").AsTask()).ToList();
            foreach (var each in waiting)
            {
                var unavailable = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => each);
                Assert.False(unavailable.OutcomeUnknown);
            }

            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
            Assert.Equal(["before"], await db.WordsAsync());
        }

        await db.SayAsync("after");
        Assert.Equal(["before", "after"], await db.WordsAsync());
    }

    [Fact]
    public async Task A_short_foreign_lock_is_waited_for()
    {
        await using var db = await _place.OpenAsync();
        await using var foreign = new SqliteConnection($"Data Source={_place.File};Pooling=False");
        foreign.Open();
        Task<long> waiting;
        await using (var held = foreign.BeginTransaction(deferred: false))
        {
            waiting = db.SayAsync("patient").AsTask();
            await Task.WhenAny(waiting, Task.Delay(300, None));
            Assert.False(waiting.IsCompleted);
        }

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task A_full_file_refuses_what_does_not_fit_and_takes_what_comes_after_room_was_made()
    {
        await using var db = await _place.OpenAsync();
        await db.SayAsync("small");
        await db.WriteAsync(tx => tx.ScalarAsync<long>("PRAGMA max_page_count = 20"), None);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => db.SayAsync(new('x', 100_000)).AsTask());
        await db.WriteAsync(tx => tx.ScalarAsync<long>("PRAGMA max_page_count = 100000"), None);
        await db.SayAsync(new('y', 100_000));

        Assert.Equal(["small", new('y', 100_000)], await db.WordsAsync());
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_that_was_acknowledged_and_is_recovered_from()
    {
        using var disk = SmallDisk.Mount(_place.Folder["disk"], megabytes: 8);
        Assert.SkipWhen(disk is null, "Mounting a small disk needs root.");
        var acknowledged = new List<string>();
        await using (var db = await Database.OpenAsync(SqlitePlace.At(Path.Combine(disk.Path, "notes.db")), None))
        {
            await Say("before");
            disk.Fill(leave: 200_000);
            var failures = 0;
            for (var i = 0; failures < 5; i++)
            {
                try
                {
                    await Say($"{i} {new string('x', 4000)}");
                }
                catch (DatabaseUnavailableException)
                {
                    failures++;
                }
            }

            Assert.Equal(acknowledged, await db.WordsAsync());
            disk.MakeRoom();
            await Say("after");

            async Task Say(string word)
            {
                await db.SayAsync(word);
                acknowledged.Add(word);
            }
        }

        await using var again = await Database.OpenAsync(SqlitePlace.At(Path.Combine(disk.Path, "notes.db")), None);
        Assert.Equal(acknowledged, await again.WordsAsync());
    }

    [Fact]
    public async Task A_unit_that_ends_the_transaction_itself_is_acknowledged_to_nobody()
    {
        await using var db = await _place.OpenAsync();
        using var gate = new Gate();
        var held = await gate.HoldAsync(db, "held");
        var neighbour = db.SayAsync("neighbour").AsTask();
        var vandal = db.WriteAsync(tx => tx.ExecuteAsync("ROLLBACK"), None).AsTask();
        var later = db.SayAsync("later").AsTask();
        gate.Open();

        await held;
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => neighbour);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => vandal);
        await later;
        Assert.Equal(["held", "later"], await db.WordsAsync());
    }

    [Fact]
    public async Task What_is_no_database_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(_place.File, new('x', 5000));

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(_place.OpenAsync);
        Assert.Contains("not a SQLite database", refused.Message, StringComparison.Ordinal);
        Assert.Equal(new('x', 5000), File.ReadAllText(_place.File));
    }

    [Fact]
    public async Task A_folder_in_the_files_place_is_refused_in_one_line()
    {
        Directory.CreateDirectory(_place.File);

        Assert.DoesNotContain('\n', (await Assert.ThrowsAsync<DatabaseRefusedException>(_place.OpenAsync)).Message);
    }
}
