using Microsoft.Data.Sqlite;

namespace Olha.Storage.Tests;

public sealed class SqliteRuleTests : IAsyncLifetime
{
    const string Add = "INSERT INTO notes (room_id, seq, word) VALUES (@room, @seq, @word)";
    const string Rooms = "SELECT id FROM rooms WHERE id >= @from ORDER BY id";
    const string AddReturning = "INSERT INTO notes (room_id, seq) VALUES (@room, 1) RETURNING id";

    static readonly CancellationToken None = CancellationToken.None;

    readonly SqlitePlace _place = new();

    Database Db { get; set; } = null!;

    public async ValueTask InitializeAsync() => Db = await _place.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_unit_that_awaits_something_else_is_refused_and_can_write_no_more()
    {
        var elsewhere = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        var refused = Db.WriteAsync(async tx =>
        {
            await tx.SayAsync("half");
            await elsewhere.Task;
            late.SetResult(await Record.ExceptionAsync(async () => await tx.SayAsync("other half")));
            return 0;
        }, None).AsTask();

        await Assert.ThrowsAsync<InvalidOperationException>(() => refused);
        elsewhere.SetResult();
        Assert.IsType<InvalidOperationException>(await late.Task);
        Assert.Equal(1, await Db.SayAsync("whole"));
        Assert.Equal(["whole"], await Db.WordsAsync());
    }

    [Fact]
    public async Task A_read_that_awaits_something_else_is_refused()
    {
        var something = new TaskCompletionSource(); // that does not happen before it is refused

        await Assert.ThrowsAsync<InvalidOperationException>(() => Db.ReadAsync(async session =>
        {
            await something.Task;
            return await session.HeadAsync();
        }, None).AsTask());

        something.SetResult();
    }

    [Fact]
    public async Task Units_run_off_the_callers_thread()
    {
        var here = Environment.CurrentManagedThreadId;
        var writer = await Db.WriteAsync(_ => new ValueTask<int>(Environment.CurrentManagedThreadId), None);
        var again = await Db.WriteAsync(_ => new ValueTask<int>(Environment.CurrentManagedThreadId), None);

        Assert.NotEqual(here, writer);
        Assert.Equal(writer, again);
    }

    [Fact]
    public async Task Every_connection_has_its_pragmas()
    {
        const string pragmas = """
            SELECT (SELECT foreign_keys FROM pragma_foreign_keys) || ' ' || (SELECT synchronous FROM pragma_synchronous) || ' ' ||
                (SELECT journal_mode FROM pragma_journal_mode) || ' ' || (SELECT secure_delete FROM pragma_secure_delete) || ' ' ||
                (SELECT timeout FROM pragma_busy_timeout) || ' ' || (SELECT query_only FROM pragma_query_only)
            """;
        Assert.Equal("1 2 wal 1 100 0", await Db.WriteAsync(tx => tx.ScalarAsync<string>(pragmas), None));
        Assert.Equal("1 2 wal 0 2500 1", await Db.ReadAsync(session => session.ScalarAsync<string>(pragmas), None));
    }

    [Fact]
    public async Task A_broken_reference_is_refused_even_when_the_statement_has_answered()
    {
        var refused = await Assert.ThrowsAsync<SqliteException>(() =>
            Db.WriteAsync(tx => tx.ScalarAsync<long>(AddReturning, ("@room", 99)), None).AsTask());

        Assert.Equal(19, refused.SqliteErrorCode);
        Assert.Empty(await Db.SeqsAsync(99));
    }

    [Fact]
    public async Task A_statement_may_run_again_while_its_rows_are_read()
    {
        var pairs = await Db.ReadAsync(session => session.ListAsync(Rooms, row =>
            (row.GetInt64(0), Inner: session.ListAsync(Rooms, inner => inner.GetInt64(0), ("@from", row.GetInt64(0))).AsTask().Result.Count),
            ("@from", 0)), None);

        Assert.Equal([(1, 2), (2, 1)], pairs);
    }

    [Fact]
    public async Task Parameters_have_to_match()
    {
        foreach (var parameters in ((string, object?)[][])[
            [("@room", 1), ("@seq", 1)],
            [("@room", 1), ("@seq", 1), ("@wort", "typo")],
            [("@room", 1), ("@seq", 1), ("@word", DateTime.UtcNow)],
        ])
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                Db.WriteAsync(tx => tx.ExecuteAsync(Add, parameters), None).AsTask());
        }
    }

    [Fact]
    public async Task A_zero_byte_in_a_text_cuts_nothing_off()
    {
        await Db.SayAsync("before\0after");

        Assert.Equal(["before\0after"], await Db.WordsAsync());
    }

    [Fact]
    public async Task What_is_deleted_is_gone_from_the_file()
    {
        await Db.SayAsync("a-secret-nobody-should-find");
        await Db.WriteAsync(tx => tx.ExecuteAsync("DELETE FROM notes"), None);
        await Db.DisposeAsync();

        Assert.DoesNotContain("a-secret-nobody-should-find", File.ReadAllText(_place.File, System.Text.Encoding.Latin1), StringComparison.Ordinal);
        Assert.False(File.Exists($"{_place.File}-wal"));
    }

    [Fact]
    public async Task The_files_are_for_their_owner_only()
    {
        foreach (var file in Directory.GetFiles(_place.Folder.Path))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await Db.SayAsync("x");
    }
}
