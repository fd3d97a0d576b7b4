using System.Text.Json.Nodes;
using Olha.Server.Tests.Commands;

namespace Olha.Server.Tests.Backups;

/// <summary><c>olha backup</c>: one file with everything in it, made while the server runs.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    readonly MovingHouse _house = MovingHouse.OfOneFile();

    string Copy => Path.Combine(_house.Folder, "copy.db");

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_running_server_goes_on_and_its_backup_holds_what_was_said_before()
    {
        await using var server = _house.ServeHere();
        using var ana = await MovingHouse.SignUpAsync(await server.Address, "ana");
        await ana.SayAsync(1, "before");

        var (code, said, complaint) = await _house.RunAsync("backup", Copy);
        await ana.SayAsync(1, "after");

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains($"{Copy}:", said, StringComparison.Ordinal);
        Assert.Contains("(people: 1, rooms: 1, messages: 2)", said, StringComparison.Ordinal); // she came, and said something
        Assert.Contains($"To put it back: olha restore {Copy}", said, StringComparison.Ordinal);
        Assert.Equal("before", MovingHouse.Ask(Copy, "SELECT body FROM messages WHERE kind = 'text'"));
        Assert.Equal("ok", MovingHouse.Ask(Copy, "PRAGMA integrity_check"));
        Assert.Equal("delete", MovingHouse.Ask(Copy, "PRAGMA journal_mode")); // one file, also where nothing can be written
        Assert.Equal(["copy.db"], Directory.GetFiles(_house.Folder, "copy*").Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
        Assert.Equal(["before", "after"], (await ana.HistoryAsync(1)).Select(static it => it.Body).Where(static it => it is "before" or "after"));
    }

    [Fact]
    public async Task It_tells_machines_how_far_it_is_and_what_it_made()
    {
        await _house.TalkativeAsync(2000);

        var (code, said, _) = await _house.RunAsync("backup", "copy.db", "--json");

        Assert.Equal(0, code);
        var lines = said.Split('\n').Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["copying", "verifying"], lines.Where(static it => (string?)it["type"] == "progress").Select(static it => (string)it["phase"]!).Distinct());
        var result = lines[^1];
        Assert.Equal(("result", "backup", true, "done"), ((string?)result["type"], (string?)result["command"], (bool?)result["ok"], (string?)result["code"]));
        Assert.Equal((Copy, new FileInfo(Copy).Length, 1L, 2001L), ((string?)result["path"], (long?)result["bytes"], (long?)result["people"], (long?)result["messages"]));
        Assert.True(DateTimeOffset.Parse((string)result["takenAt"]!, System.Globalization.CultureInfo.InvariantCulture) > DateTimeOffset.UtcNow.AddMinutes(-2));
    }

    [Fact]
    public async Task It_replaces_no_file_unless_it_is_told_to()
    {
        await _house.TalkativeAsync(1);
        await File.WriteAllTextAsync(Copy, "precious", TestContext.Current.CancellationToken);

        var (code, _, complaint) = await _house.RunAsync("backup", Copy);
        Assert.Equal((1, $"olha: {Copy} exists already. Name another one, or add --replace."), (code, complaint));
        Assert.Equal("precious", await File.ReadAllTextAsync(Copy, TestContext.Current.CancellationToken));

        Assert.Equal((1, "", $"olha: {_house.Source} is the database itself."), await _house.RunAsync("backup", _house.Source, "--replace"));
        Assert.Equal(0, (await _house.RunAsync("backup", Copy, "--replace")).Code);
        Assert.Equal("ok", MovingHouse.Ask(Copy, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Without_a_file_it_goes_under_the_time_into_BACKUP_DIR_or_beside_the_database()
    {
        await _house.TalkativeAsync(1);
        var own = Directory.CreateDirectory(Path.Combine(_house.Folder, "own")).FullName;

        Assert.Equal(0, (await _house.RunAsync("backup")).Code);
        Assert.Equal(0, (await _house.RunAsync([("BACKUP_DIR", "set")], "backup")).Code);
        Assert.Equal(0, (await _house.RunAsync([("BACKUP_DIR", "set")], "backup", own)).Code);

        foreach (var folder in (string[])["backups", "set", "own"])
            Assert.Matches(@"^house-\d{8}T\d{6}Z\.db$", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(_house.Folder, folder)))));
    }

    [Fact]
    public async Task Without_a_database_there_is_nothing_to_back_up()
    {
        var (code, _, complaint) = await _house.RunAsync("backup", Copy);

        Assert.Equal((1, $"olha: There is no file {_house.Source}. There is nothing to back up: is DB_NAME right?"), (code, complaint));
        Assert.Empty(Directory.GetFileSystemEntries(_house.Folder));
    }

    [Theory]
    [InlineData("backup takes one FILE, not b.db too. See olha backup --help.", "backup", "a.db", "b.db")]
    [InlineData("backup --verbose is nothing it knows. See olha backup --help.", "backup", "--verbose")]
    [InlineData("restore needs the backup's FILE. See olha restore --help.", "restore")]
    [InlineData("--restart is for PostgreSQL, and DATABASE_URL is not set.", "restore", "a.db", "--restart")]
    public async Task It_does_not_guess_what_was_meant(string expected, params string[] arguments)
    {
        Assert.Equal((2, "", $"olha: {expected}"), await _house.RunAsync(arguments));
        Assert.Empty(Directory.GetFileSystemEntries(_house.Folder));
    }

    [Fact]
    public async Task Who_comes_while_another_is_at_it_is_told()
    {
        await _house.TalkativeAsync(1);
        await using (new FileStream($"{Copy}.partial", FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            Assert.Equal((1, "", $"olha: Another process is writing {Copy} at this moment."), await _house.RunAsync("backup", Copy));

        // What a killed one has left is taken over.
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
    }
}
