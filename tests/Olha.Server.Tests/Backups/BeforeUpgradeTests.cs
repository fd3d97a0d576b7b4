using Olha.Protocol;
using Olha.Server.Tests.Commands;

namespace Olha.Server.Tests.Backups;

/// <summary>Before a newer program changes a file's schema the file is kept, and the older program says how to get back to it.</summary>
public sealed class BeforeUpgradeTests : IAsyncLifetime
{
    const string Resources = "schema.sqlite.";
    const string Contract = "CREATE TABLE later (id BIGINT);";

    readonly MovingHouse _house = MovingHouse.OfOneFile();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task The_way_back_is_kept_told_and_works()
    {
        await SayAsync("with the older");
        Assert.Empty(Kept());
        await SayAsync("with the newer", ("DB_MIGRATIONS_PATH", await ScriptsAsync(1)));
        var kept = Assert.Single(Kept());
        Assert.EndsWith("house.db.before-v9001", kept, StringComparison.Ordinal);

        await using (var older = _house.ServeHere())
        {
            var (code, complaint) = await older.EndedAsync();
            Assert.Equal(1, code);
            Assert.Contains($"start the newer program, or restore a backup made by this one, as it was kept before that upgrade: olha restore {kept} --replace", complaint, StringComparison.Ordinal);
        }
        var (restored, said, why) = await _house.RunAsync("restore", kept, "--replace");

        Assert.Equal((0, ""), (restored, why));
        Assert.Equal(["with the older"], await SaidAsync());
        Assert.True(File.Exists(kept));
        // And forth again: what the newer one had is kept too.
        var newer = Assert.Single(Directory.GetFiles(_house.Folder, "house.db.before-restore-*"));
        Assert.Contains(newer, said, StringComparison.Ordinal);
        var next = ("DB_MIGRATIONS_PATH", await ScriptsAsync(1));
        Assert.Equal(0, (await _house.RunAsync([next], "restore", newer, "--replace")).Code);
        Assert.Equal(["with the older", "with the newer"], await SaidAsync(next));
    }

    [Fact]
    public async Task The_newest_two_are_kept_and_nothing_when_there_is_nothing_to_change()
    {
        await SayAsync("0");
        for (var scripts = 1; scripts <= 3; scripts++)
        {
            var next = ("DB_MIGRATIONS_PATH", await ScriptsAsync(scripts));
            await SayAsync($"{scripts}", next);
            await SayAsync($"{scripts} again", next);
        }

        Assert.Equal(["house.db.before-v9002", "house.db.before-v9003"], Kept().Select(Path.GetFileName));
        Assert.Equal("1 again", MovingHouse.Ask(Kept()[0], "SELECT body FROM messages WHERE kind = 'text' ORDER BY seq DESC"));
        Assert.Equal("2 again", MovingHouse.Ask(Kept()[1], "SELECT body FROM messages WHERE kind = 'text' ORDER BY seq DESC"));
        Assert.Equal("ok", MovingHouse.Ask(Kept()[1], "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task What_an_upgrade_that_stopped_half_way_has_kept_stays()
    {
        await SayAsync("0");
        // Its second script fails: the first has been run.
        await using (var failing = _house.ServeHere(("DB_MIGRATIONS_PATH", await ScriptsAsync(2, "CREATE TABLE later_2 (nonsense"))))
            Assert.Equal(1, (await failing.EndedAsync()).Code);
        Assert.Equal("9001", MovingHouse.Ask(_house.Source, "SELECT MAX(version) FROM schema_versions WHERE success"));

        await SayAsync("2", ("DB_MIGRATIONS_PATH", await ScriptsAsync(2)));

        var kept = Assert.Single(Kept());
        Assert.NotEqual("9001", MovingHouse.Ask(kept, "SELECT MAX(version) FROM schema_versions WHERE success"));
        Assert.Equal("0", MovingHouse.Ask(kept, "SELECT body FROM messages WHERE kind = 'text' ORDER BY seq DESC"));
    }

    List<string> Kept() => [.. Directory.GetFiles(_house.Folder, "house.db.before-v*").Order(StringComparer.Ordinal)];

    async Task SayAsync(string text, params (string, string)[] more) => await MovingHouse.VisitAsync(_house.ServeHere(more), async address =>
    {
        using var somebody = await MovingHouse.SignUpAsync(address, ChatServer.NewName());
        await somebody.SayAsync(1, text);
    });

    async Task<List<string?>> SaidAsync(params (string, string)[] more)
    {
        List<string?> said = [];
        await MovingHouse.VisitAsync(_house.ServeHere(more), async address =>
        {
            using var somebody = await MovingHouse.SignUpAsync(address, ChatServer.NewName());
            said = [.. (await somebody.HistoryAsync(1)).Where(static it => it.Kind is MessageKind.Text).Select(static it => it.Body)];
        });
        return said;
    }

    // The next versions are played by this one with some scripts more, which take something away.
    async Task<string> ScriptsAsync(int more, string? last = null)
    {
        var root = Path.Combine(_house.Folder, $"next-{more}");
        var folder = Directory.CreateDirectory(Path.Combine(root, "sqlite")).FullName;
        foreach (var resource in typeof(ChatHost).Assembly.GetManifestResourceNames().Where(static it => it.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var text = new StreamReader(typeof(ChatHost).Assembly.GetManifestResourceStream(resource)!);
            await File.WriteAllTextAsync(Path.Combine(folder, resource[Resources.Length..]), await text.ReadToEndAsync(Ct), Ct);
        }
        for (var script = 1; script <= more; script++)
        {
            var sql = script == more && last is not null ? last : Contract.Replace("later", $"later_{script}", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, $"V900{script}__without_old_names.sql"), sql, Ct);
        }
        return root;
    }
}
