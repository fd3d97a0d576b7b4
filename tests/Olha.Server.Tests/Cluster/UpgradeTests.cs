using Olha.Protocol;

namespace Olha.Server.Tests.Cluster;

/// <summary>Programs of two versions on one database. The next version is played by this one with a schema script more.</summary>
[Trait(ChatServer.Inside, "makes databases as older programs do")]
public sealed class UpgradeTests : IAsyncLifetime
{
    const string Expand = """
        ALTER TABLE rooms ADD COLUMN stars BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE messages ADD COLUMN stars BIGINT;
        CREATE TABLE stars (room_id BIGINT NOT NULL PRIMARY KEY, count BIGINT NOT NULL);
        """;

    const string Twice = "SELECT COUNT(*) - COUNT(DISTINCT version) FROM schema_versions WHERE version IS NOT NULL";

    NodePrograms _nodes = null!;

    public async ValueTask InitializeAsync() => _nodes = await NodePrograms.OnNewDatabaseAsync();

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Three_that_start_at_once_bring_the_schema_up_to_date_once(int scriptsBefore)
    {
        if (scriptsBefore > 0) await _nodes.MakeOldAsync(scriptsBefore);

        var programs = Enumerable.Range(0, 3).Select(_ => _nodes.Start()).ToArray();
        await Task.WhenAll(programs.Select(it => it.Address));

        using var ana = await NodePrograms.SignUpAsync(programs[0], "ana");
        foreach (var program in programs)
        {
            using var there = await NodePrograms.AtAsync(program, ana);
            await there.SayAsync(1, "here too");
        }
        Assert.Equal(3, (await ana.HistoryAsync(1)).Count(it => it.Body == "here too"));
        Assert.Equal(0, await _nodes.CountAsync(Twice));
    }

    [Fact]
    public async Task An_older_program_works_on_beside_a_newer_one_that_only_expands_and_starts_again()
    {
        var older = _nodes.Start();
        using var ana = await NodePrograms.SignUpAsync(older, "ana");
        // Often enough for the driver to have prepared what is asked.
        for (var i = 0; i < 5; i++) await ana.SayAsync(1, "before");
        await using var ear = await ana.ListenAsync();

        var newer = _nodes.Start(("DB_MIGRATIONS_PATH", await _nodes.NextScriptsAsync("V9001__expand_stars.sql", Expand)));
        using var there = await NodePrograms.AtAsync(newer, ana);
        await there.SayAsync(1, "from the newer");
        await ana.SayAsync(1, "from the older");
        await ear.NextAsync<MessageChange>(it => it.Message.Body == "from the older");

        older.Terminate();
        Assert.Equal(0, (await older.EndedAsync()).Code);
        using var back = await NodePrograms.AtAsync(_nodes.Start(), ana);
        await back.SayAsync(1, "from the older, started again");

        string[] said = ["from the newer", "from the older", "from the older, started again"];
        foreach (var one in (Guest[])[there, back])
            Assert.Equal(said, (await one.HistoryAsync(1)).Select(it => it.Body).Where(it => it is not null && it.StartsWith("from", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_older_program_does_not_start_on_a_schema_that_was_contracted_and_says_what_to_do()
    {
        var newer = _nodes.Start(("DB_MIGRATIONS_PATH", await _nodes.NextScriptsAsync("V9001__without_old_names.sql", "CREATE TABLE later (id BIGINT);")));
        using var ana = await NodePrograms.SignUpAsync(newer, "ana");

        var (code, complaint) = await _nodes.Start().EndedAsync();

        Assert.Equal(1, code);
        Assert.Contains("start the newer program, or restore a backup", Assert.Single(complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await ana.SayAsync(1, "the newer works on");
    }
}
