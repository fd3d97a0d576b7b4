using System.Diagnostics;
using Olha.Protocol;
using Olha.Server.Tests.Commands;
using Olha.Server.Tests.Watch;

namespace Olha.Server.Tests.Backups;

/// <summary>With BACKUP_DIR the server makes backups by itself, keeps the newest, and says when it can't.</summary>
public sealed class ScheduledBackupTests : IAsyncLifetime
{
    // Two seconds.
    static readonly (string, string) s_often = ("BACKUP_EVERY", "0.00056");

    readonly MovingHouse _house = MovingHouse.OfOneFile();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Backups => Path.Combine(_house.Folder, "kept");

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task The_newest_are_kept_and_older_ones_and_nothing_else_removed()
    {
        var mine = Directory.CreateDirectory(Backups).FullName;
        foreach (var name in (string[])["house-notes.db", "other-20200101T000000Z.db", "house-20200101T000000Z.db", "house-20200102T000000Z.db.partial"])
            await File.WriteAllTextAsync(Path.Combine(mine, name), "", Ct);
        await using var server = _house.ServeHere(("BACKUP_DIR", Backups), s_often, ("BACKUP_KEEP", "2"));
        using var ana = await MovingHouse.SignUpAsync(await server.Address, "ana");
        await ana.SayAsync(1, "hello");

        var seen = new HashSet<string>();
        await UntilAsync(() =>
        {
            seen.UnionWith(Made());
            return Task.FromResult(seen.Count >= 3 && Made().Count == 2 && !Made().Any(static it => it.Contains("2020", StringComparison.Ordinal)));
        });

        Assert.False(File.Exists(Path.Combine(mine, "house-20200102T000000Z.db.partial")));
        Assert.True(File.Exists(Path.Combine(mine, "house-notes.db")) && File.Exists(Path.Combine(mine, "other-20200101T000000Z.db")));
        var scrape = await Scrape.OfAsync(await server.Address);
        Assert.InRange(scrape["olha_backup_last_seconds"], DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 120, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(0, scrape["olha_degraded", ("reason", "backup_failing")]);
        server.Terminate();
        Assert.Equal(0, (await server.EndedAsync()).Code);
        var (code, said, _) = await _house.RunAsync("restore", Made()[^1], "--check");
        Assert.Equal(0, code);
        Assert.Contains("people: 1, rooms: 1, messages: 2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_BACKUP_DIR_none_are_made()
    {
        await using var server = _house.ServeHere(s_often);
        using var client = new Client(await server.Address);
        await Task.Delay(TimeSpan.FromSeconds(6), Ct); // after the first would have been made

        Assert.Equal(ReadyState.Ready, (await client.GetAsync<Readiness>("/ready")).Status);
        Assert.Empty(Directory.GetFiles(_house.Folder, "house-*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_full_disk_leaves_the_server_running_and_is_said_until_there_is_room()
    {
        Directory.CreateDirectory(Backups);
        if (!Run("mount", "-t", "tmpfs", "-o", "size=24m", "olha-test", Backups)) Assert.Skip("This user may not mount.");
        try
        {
            var ballast = Path.Combine(Backups, "ballast");
            await File.WriteAllBytesAsync(ballast, new byte[20 << 20], Ct);
            await using var server = _house.ServeHere(("BACKUP_DIR", Backups), s_often);
            using var ana = await MovingHouse.SignUpAsync(await server.Address, "ana");

            await UntilAsync(async () => (await ana.GetAsync<Readiness>("/ready")).Status is ReadyState.Degraded);
            var reason = Assert.Single((await ana.GetAsync<Readiness>("/ready")).Reasons!);
            Assert.Equal("backup_failing", reason.Reason);
            Assert.StartsWith($"The last backup failed: There is not enough room in {Backups}:", reason.Detail, StringComparison.Ordinal);
            Assert.Contains("The backup failed, the server goes on: There is not enough room", server.Said, StringComparison.Ordinal);
            Assert.Equal(1, (await Scrape.OfAsync(ana.Address))["olha_degraded", ("reason", "backup_failing")]);
            await ana.SayAsync(1, "it goes on");
            Assert.Equal(["ballast"], Directory.GetFiles(Backups).Select(Path.GetFileName));

            File.Delete(ballast);
            await UntilAsync(async () => (await ana.GetAsync<Readiness>("/ready")).Status is ReadyState.Ready);
            Assert.NotEmpty(Made());
            await server.KillAsync();
        }
        finally
        {
            Run("umount", "--lazy", Backups);
        }
    }

    List<string> Made() => [.. Directory.GetFiles(Backups, "house-2*.db").Order(StringComparer.Ordinal)];

    static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo()) await Task.Delay(50, patience.Token);
    }

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
