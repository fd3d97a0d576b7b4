using System.Diagnostics;
using System.Globalization;

namespace Olha.Server.Tests.Adoption;

/// <summary>Whenever the program dies, the next start finds the old file or the finished new one.</summary>
public sealed class InterruptedAdoptionTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olha-killed-").FullName;

    [Fact]
    public async Task Dying_between_any_two_steps_leaves_the_old_file_or_the_new_one()
    {
        using var original = Talkative(100);
        var deaths = new List<string>();
        void Die() => deaths.Add(Copy(original.Folder));

        var undisturbed = (await original.AdoptAsync(new EventLog(_ => Die()), meanwhile: Die)).IsSound().Dump();

        var outcomes = new List<bool>();
        foreach (var death in deaths) outcomes.Add(await StartAgainAsync(death, undisturbed));
        // Its steps told of themselves, and the new file came with one of them and stayed.
        Assert.True(outcomes.Count >= 6);
        Assert.Equal(outcomes.Order(), outcomes);
        Assert.False(outcomes[0]);
        Assert.True(outcomes[^1]);
    }

    [Fact]
    public async Task Half_of_what_replaces_the_old_file_replaces_nothing()
    {
        using var original = Talkative(100);
        var replaced = "";

        var log = new EventLog(text => replaced = text.EndsWith("is adopted", StringComparison.Ordinal) ? Copy(original.Folder) : replaced);
        var undisturbed = (await original.AdoptAsync(log)).Dump();

        // All of the new database is in the log by then, and nothing in the file.
        var whole = new FileInfo(Path.Combine(replaced, "chat.db-wal")).Length;
        Assert.True(whole > 100_000);
        for (var part = 0L; part < whole; part += whole / 20 + 1) Assert.False(await StartAgainAsync(Cut(replaced, part), undisturbed));
        Assert.False(await StartAgainAsync(Cut(replaced, whole - 1), undisturbed));
        Assert.True(await StartAgainAsync(Cut(replaced, whole), undisturbed));
    }

    [Fact]
    public async Task A_copy_is_not_made_twice_of_the_same_content_but_made_again_of_another()
    {
        using var original = Talkative(3);
        var beforeTheNew = "";
        await original.AdoptAsync(meanwhile: () => beforeTheNew = Copy(original.Folder));
        var path = Path.Combine(beforeTheNew, "chat.db");
        var copies = Directory.GetFiles(beforeTheNew, "*.before-adoption-*");

        // Back to the original for a while, and forth again.
        using (var file = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText = "INSERT INTO messages VALUES (1000, 1, 1, '#fff', 'meanwhile', '2026-01-01 00:00:00')";
            command.ExecuteNonQuery();
        }
        await OriginalFile.AdoptAsync(path);

        Assert.Equal("meanwhile", new AdoptedFile(path).IsSound().Row("SELECT body FROM messages WHERE id = 1000"));
        var later = Assert.Single(Directory.GetFiles(beforeTheNew, "*.before-adoption-*").Except(copies));
        Assert.Equal("4", new AdoptedFile(later).Row("SELECT COUNT(*) FROM messages"));
        Assert.Equal("3", new AdoptedFile(Assert.Single(copies)).Row("SELECT COUNT(*) FROM messages"));
    }

    [Fact]
    public async Task Killing_the_program_at_any_moment_loses_nothing()
    {
        const int Rounds = 8;
        using var original = Talkative(4000).Close();
        var aside = Copy(original.Folder);
        var undisturbed = (await original.AdoptAsync()).IsSound().Dump();

        var takes = await RunAsync(Copy(aside), killAfter: null);
        for (var round = 0; round < Rounds; round++)
        {
            var folder = Copy(aside);
            await RunAsync(folder, killAfter: takes * round / Rounds);
            await StartAgainAsync(folder, undisturbed);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static OriginalFile Talkative(int messages) => OriginalFile.OfChannels()
        .User(1, "ana").User(2, "bia").User(3, "BIA").Channel(1, "General").Channel(2, "dev", "what we build")
        .Execute($"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {messages})
            INSERT INTO messages SELECT i, 1 + i % 2, 1 + i % 4, '#fff', 'text ' || hex(zeroblob(100)) || i, 1756384496 + i % 100 FROM n
            """);

    /// <summary>Looks at what a death left, then starts again.</summary>
    /// <returns>Whether the new file was there already.</returns>
    async Task<bool> StartAgainAsync(string folder, List<string> undisturbed)
    {
        var adopted = new AdoptedFile(Path.Combine(Copy(folder), "chat.db")).IsAdopted();

        var path = Path.Combine(folder, "chat.db");
        await OriginalFile.AdoptAsync(path);

        Assert.Equal(undisturbed, new AdoptedFile(path).Dump());
        var copy = Assert.Single(Directory.GetFiles(folder, "*.before-adoption*"));
        Assert.Equal(["chat.db", Path.GetFileName(copy), "chat.db.lock", "chat.db.nonce"],
            new DirectoryInfo(folder).GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        return adopted;
    }

    /// <summary>A folder as it lies on the disk now: what a process that is killed now would leave.</summary>
    string Copy(string folder)
    {
        // Another process: closing a file here would drop the locks that this one holds on it.
        var copy = Path.Combine(_folder, Directory.GetDirectories(_folder).Length.ToString(CultureInfo.InvariantCulture));
        using var cp = Process.Start("cp", ["-a", folder, copy]);
        cp.WaitForExit();
        Assert.Equal(0, cp.ExitCode);
        return copy;
    }

    string Cut(string folder, long length)
    {
        var copy = Copy(folder);
        using var log = File.OpenWrite(Path.Combine(copy, "chat.db-wal"));
        log.SetLength(length);
        return copy;
    }

    /// <summary>Runs the program on a folder's file.</summary>
    /// <param name="folder">Where the file lies.</param>
    /// <param name="killAfter">How long after it began to adopt; null: when it has done so.</param>
    /// <returns>How long that was.</returns>
    static async Task<TimeSpan> RunAsync(string folder, TimeSpan? killAfter)
    {
        var program = Environment.GetEnvironmentVariable("OLHA_TEST_BINARY") is { Length: > 0 } published
            ? published : Path.Combine(AppContext.BaseDirectory, "olha");
        using var process = Process.Start(new ProcessStartInfo(program)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
            Environment = { ["PORT"] = "0", ["BIND"] = "127.0.0.1", ["DB_NAME"] = "chat.db", ["LOG_LEVEL"] = "none", ["DATABASE_URL"] = "" },
        })!;
        try
        {
            await UntilAsync(() => Directory.GetFiles(folder, "*.before-adoption*").Length > 0, process);
            var began = Stopwatch.GetTimestamp();
            // The nonce is written as soon as the file is ours.
            await UntilAsync(() => Stopwatch.GetElapsedTime(began) >= killAfter || File.Exists(Path.Combine(folder, "chat.db.nonce")), process);
            return Stopwatch.GetElapsedTime(began);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    static async Task UntilAsync(Func<bool> isSo, Process process)
    {
        while (!isSo())
        {
            Assert.False(process.HasExited, "The program ended by itself.");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
