using Olha.Server.Tests.Commands;

namespace Olha.Server.Tests.Backups;

/// <summary>Whatever ends <c>olha backup</c> or <c>olha restore</c>, no half of anything is taken for a whole.</summary>
public sealed class InterruptedTests : IAsyncLifetime
{
    const int Messages = 20_000;
    const int MostTries = 50;

    readonly MovingHouse _house = MovingHouse.OfOneFile();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Copy => Path.Combine(_house.Folder, "copy.db");

    public async ValueTask InitializeAsync() => await _house.TalkativeAsync(Messages);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_backup_that_is_killed_at_any_moment_is_whole_or_not_there()
    {
        await KillInTheMiddleAsync($"{Copy}.partial", "backup", Copy, "--replace");
        var killed = 0;
        for (var milliseconds = 20; ; milliseconds = milliseconds * 6 / 5)
        {
            await using var program = _house.Start([], "backup", Copy, "--replace");
            if (await EndsWithinAsync(program, milliseconds)) break;
            await program.KillAsync();
            killed++;
            if (File.Exists(Copy)) AssertWhole(Copy);
        }
        Assert.True(killed > 3, $"{killed} killed");
        AssertWhole(Copy);
        Assert.False(File.Exists($"{Copy}.partial"));
        AssertWhole(_house.Source);
    }

    [Fact]
    public async Task A_restore_that_is_killed_at_any_moment_leaves_the_old_or_the_new()
    {
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
        _house.ExecuteHere("UPDATE users SET display_name = 'the old'");
        await KillInTheMiddleAsync($"{_house.Source}.restoring", "restore", Copy, "--replace");
        AssertWhole(_house.Source);
        _house.ExecuteHere("UPDATE users SET display_name = 'the old'");
        var killed = 0;
        for (var milliseconds = 20; ; milliseconds = milliseconds * 6 / 5)
        {
            await using var program = _house.Start([], "restore", Copy, "--replace");
            var ended = await EndsWithinAsync(program, milliseconds);
            await program.KillAsync();
            AssertWhole(_house.Source);
            if (ended || _house.AskHere("SELECT display_name FROM users") != "the old") break;
            killed++;
        }
        Assert.True(killed > 3, $"{killed} killed");
        Assert.Equal("ana", _house.AskHere("SELECT display_name FROM users"));
        var kept = Directory.GetFiles(_house.Folder, "house.db.before-restore-*");
        Assert.NotEmpty(kept);
        Assert.Equal("the old", MovingHouse.Ask(kept[0], "SELECT display_name FROM users"));
        AssertWhole(kept[0]);
        AssertWhole(Copy);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Asked_to_stop_it_says_what_is(string signal)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            await using var program = _house.Start([], "backup", Copy, "--replace");
            if (!await BeginsAsync(program, $"{Copy}.partial")) continue;
            if (signal == "INT") program.Interrupt();
            else program.Terminate();
            var (code, complaint) = await program.EndedAsync();
            if (code is 0) continue; // it was complete already
            Assert.Equal((1, "olha: stopped. No backup was made, and nothing of it is left."), (code, complaint.TrimEnd()));
            Assert.False(File.Exists($"{Copy}.partial"));
            return;
        }
        Assert.Fail("It was never asked in time.");
    }

    [Fact]
    public async Task A_disk_that_gets_full_on_the_way_is_told_and_half_of_a_backup_is_removed()
    {
        await using var server = _house.ServeHere();
        using var bruno = await MovingHouse.SignUpAsync(await server.Address, "bruno");

        var (code, complaint) = await FullDisk.RunAsync(_house, $"{Copy}.partial", writes: 39, "backup", Copy);

        Assert.Equal((1, $"olha: The disk was full before {Copy} was complete. Nothing of it is left. Name a folder on another disk."), (code, complaint));
        Assert.Empty(Directory.GetFiles(_house.Folder, "copy*"));
        await bruno.SayAsync(1, "the server goes on");
    }

    /// <summary>
    /// Kills <paramref name="command"/> while <paramref name="half"/> is written. That is short beside a start:
    /// on a busy machine, steps in time pass over it.
    /// </summary>
    async Task KillInTheMiddleAsync(string half, params string[] command)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            await using var program = _house.Start([], command);
            await BeginsAsync(program, half);
            await program.KillAsync();
            if (File.Exists(half)) return;
        }
        Assert.Fail("It was never killed in time.");
    }

    static async Task<bool> BeginsAsync(RunningProgram program, string half)
    {
        while (!File.Exists(half))
        {
            if (program.HasEnded) return false;
            await Task.Yield();
        }
        return true;
    }

    static async Task<bool> EndsWithinAsync(RunningProgram program, int milliseconds)
    {
        var ended = program.EndedAsync();
        if (await Task.WhenAny(ended, Task.Delay(milliseconds, Ct)) != ended) return false;
        Assert.Equal((0, ""), await ended);
        return true;
    }

    static void AssertWhole(string file)
    {
        Assert.Equal("ok", MovingHouse.Ask(file, "PRAGMA integrity_check"));
        Assert.Equal($"{Messages + 1}", MovingHouse.Ask(file, "SELECT COUNT(*) FROM messages"));
    }
}
