using Microsoft.Extensions.Logging;
using Olha.Testing;

namespace Olha.Storage.Tests;

public sealed class SqliteSchemaTests() : SchemaTests(new SqlitePlace())
{
    [Fact]
    public async Task Of_many_starters_at_once_one_gets_the_file_and_the_others_are_told_why()
    {
        var options = await Place.OptionsAsync();
        var starts = Enumerable.Range(0, 4).Select(_ => Database.OpenAsync(options, None)).ToList();
        await Task.WhenAll(starts).ContinueWith(_ => { }, TaskScheduler.Default);

        var only = Assert.Single(starts, start => start.IsCompletedSuccessfully);
        Assert.All(starts.Where(start => start != only), start =>
            Assert.Contains("Another process has", Assert.IsType<DatabaseInUseException>(start.Exception!.InnerException).Message, StringComparison.Ordinal));
        await using var db = await only;
        Assert.Equal(1, await db.SayAsync("here"));
    }
}

public sealed class PostgresSchemaTests(PostgresServer server) : SchemaTests(new PostgresPlace(server))
{
    [Fact]
    public async Task Many_nodes_start_at_once_and_share_one_schema_and_one_epoch()
    {
        var options = await Place.OptionsAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Database.OpenAsync(options, None)));

        Assert.Single(nodes.Select(node => node.Epoch).Distinct());
        Assert.Equal([1, 2, 3, 4, 5], (await Task.WhenAll(nodes.Select(node => node.SayAsync(Guid.NewGuid().ToString()).AsTask()))).Order());
        foreach (var node in nodes) await node.DisposeAsync();
    }
}

public abstract class SchemaTests(Place place) : IAsyncDisposable
{
    protected static readonly CancellationToken None = CancellationToken.None;

    readonly TempFolder _scripts = new();

    protected Place Place => place;

    public async ValueTask DisposeAsync()
    {
        _scripts.Dispose();
        await place.DisposeAsync();
    }

    [Fact]
    public async Task Starting_again_keeps_everything()
    {
        await using (var db = await place.OpenAsync()) await db.SayAsync("kept");
        await using var again = await place.OpenAsync();

        Assert.Equal(["kept"], await again.WordsAsync());
    }

    [Fact]
    public async Task A_new_script_of_a_folder_is_applied_to_what_is_there()
    {
        await using (var db = await place.OpenAsync()) await db.SayAsync("old");

        Script("V0001__notes.sql", Embedded());
        Script("V0002__more.sql", "INSERT INTO notes (room_id, seq, word) VALUES (2, 1, 'from the script');");
        await using var again = await OpenWithScriptsAsync();

        Assert.Equal(["old", "from the script"], await again.WordsAsync());
    }

    [Fact]
    public async Task A_script_that_was_edited_after_it_ran_is_refused()
    {
        await (await place.OpenAsync()).DisposeAsync();
        Script("V0001__notes.sql", Embedded() + "\nCREATE TABLE extra (id BIGINT);");

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(OpenWithScriptsAsync);
        Assert.Contains("V0001__notes.sql", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_is_refused_in_one_sentence()
    {
        Script("V0001__notes.sql", Embedded());
        Script("V0002__more.sql", "CREATE TABLE more (id BIGINT);");
        await (await OpenWithScriptsAsync()).DisposeAsync();

        var refused = await Assert.ThrowsAsync<SchemaTooNewException>(() => place.OpenAsync());
        Assert.Contains("version 0002", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("V0002__expand_more.sql")]
    [InlineData("V0003__from_0001_less.sql")]
    [InlineData("V0002__expand_more.sql", "V0003__from_0001_less.sql")]
    public async Task An_older_program_runs_on_a_schema_whose_newer_scripts_promise_it(params string[] newer)
    {
        Script("V0001__notes.sql", Embedded());
        foreach (var script in newer) Script(script, $"CREATE TABLE t_{script[4]} (id BIGINT);");
        await (await OpenWithScriptsAsync()).DisposeAsync();

        await using (var older = await place.OpenAsync()) await older.SayAsync("of the older one");
        await using var again = await OpenWithScriptsAsync();

        Assert.Equal(["of the older one"], await again.WordsAsync());
    }

    [Theory]
    [InlineData("V0002__expand_more.sql", "V0003__less.sql")]
    [InlineData("V0002__less.sql", "V0003__expand_more.sql")]
    [InlineData("V0002__expand_more.sql", "V0003__from_0002_less.sql")]
    [InlineData("V0002__expanded.sql")]
    public async Task An_older_program_does_not_run_when_one_of_them_does_not(params string[] newer)
    {
        Script("V0001__notes.sql", Embedded());
        foreach (var script in newer) Script(script, $"CREATE TABLE t_{script[4]} (id BIGINT);");
        await (await OpenWithScriptsAsync()).DisposeAsync();

        var refused = await Assert.ThrowsAsync<SchemaTooNewException>(() => place.OpenAsync());
        Assert.Contains("start the newer program, or restore a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_lacks_a_script_of_its_own_does_not_run_on_a_newer_schema()
    {
        Script("V0001__notes.sql", Embedded());
        Script("V0003__expand_more.sql", "CREATE TABLE more (id BIGINT);");
        await (await OpenWithScriptsAsync()).DisposeAsync();

        File.Delete(_scripts["sqlite/V0003__expand_more.sql"]);
        File.Delete(_scripts["postgres/V0003__expand_more.sql"]);
        Script("V0002__expand_between.sql", "CREATE TABLE between_them (id BIGINT);");
        await Assert.ThrowsAsync<SchemaTooNewException>(OpenWithScriptsAsync);
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself_and_can_be_mended()
    {
        Script("V0001__notes.sql", Embedded());
        Script("V0002__wrong.sql", "CREATE TABLE more (id BIGINT);\nINSERT INTO nowhere VALUES (1);");
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(OpenWithScriptsAsync);
        Assert.Contains("V0002__wrong.sql", refused.Message, StringComparison.Ordinal);

        Script("V0002__wrong.sql", "CREATE TABLE more (id BIGINT);");
        await using var db = await OpenWithScriptsAsync();
        Assert.Equal(1, await db.WriteAsync(tx => tx.ExecuteAsync("INSERT INTO more VALUES (1)"), None));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("000001_create_users.up.sql")]
    public async Task A_folder_without_our_scripts_is_warned_about_and_the_built_in_ones_run(string? script)
    {
        if (script is not null) Script(script, "CREATE TABLE users (id BIGINT);");
        var log = new WarningLog();
        await using var db = await Database.OpenAsync(
            await place.OptionsAsync() with { SchemaFolder = _scripts.Path, Logger = log }, None);

        Assert.Equal(1, await db.SayAsync("works"));
        Assert.Contains(log.Warnings, line => line.Contains("V0001__name.sql", StringComparison.Ordinal));
    }

    async Task<Database> OpenWithScriptsAsync() =>
        await Database.OpenAsync(await place.OptionsAsync() with { SchemaFolder = _scripts.Path }, None);

    // Into both kinds' folders: each takes its own.
    void Script(string name, string text)
    {
        foreach (var kind in (string[])["sqlite", "postgres"])
        {
            Directory.CreateDirectory(_scripts[kind]);
            File.WriteAllText(Path.Combine(_scripts[kind], name), text);
        }
    }

    string Embedded()
    {
        var kind = place is SqlitePlace ? "sqlite" : "postgres";
        using var text = new StreamReader(typeof(SchemaTests).Assembly.GetManifestResourceStream($"schema.{kind}.V0001__notes.sql")!);
        return text.ReadToEnd();
    }

    sealed class WarningLog : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;
        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Warnings.Add(formatter(state, exception));
    }
}
