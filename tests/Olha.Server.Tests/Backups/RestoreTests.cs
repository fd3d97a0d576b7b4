using Olha.Protocol;
using Olha.Server.Tests.Commands;

namespace Olha.Server.Tests.Backups;

/// <summary><c>olha restore</c>: the backup is the database afterwards, what was there is kept, and clients start afresh.</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    readonly MovingHouse _house = MovingHouse.OfOneFile();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    string Copy => Path.Combine(_house.Folder, "copy.db");

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task What_was_said_before_is_there_and_clients_start_afresh()
    {
        Hello held;
        Guest ana;
        await using (var server = _house.ServeHere())
        {
            ana = await MovingHouse.SignUpAsync(await server.Address, "ana");
            await ana.SayAsync(1, "before");
            Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
            await ana.SayAsync(1, "after");
            await using (var ear = await ana.ListenAsync())
                held = new(ear.Welcome.Epoch, ear.Welcome.PersonHead, ear.Welcome.ServerHead, ear.Welcome.Rooms.ToDictionary(it => it.RoomId, it => it.Head));

            var (served, _, running) = await _house.RunAsync("restore", Copy, "--replace");
            Assert.Equal((1, $"olha: the server is running and has {_house.Source} to itself. Stop it and do this again."), (served, running));
            await server.KillAsync(); // with a log that nobody has folded
        }

        var (exists, _, why) = await _house.RunAsync("restore", Copy);
        Assert.Equal((1, $"olha: {_house.Source} exists already. To put the backup in its place and keep it under another name: olha restore {Copy} --replace"), (exists, why));
        var (code, said, complaint) = await _house.RunAsync("restore", Copy, "--replace");

        Assert.Equal((0, ""), (code, complaint));
        Assert.Contains("clients start afresh by themselves", said, StringComparison.Ordinal);
        var kept = Assert.Single(Directory.GetFiles(_house.Folder, "house.db.before-restore-*"));
        Assert.Contains($"olha restore {kept} --replace", said, StringComparison.Ordinal);
        Assert.Equal("after", MovingHouse.Ask(kept, "SELECT body FROM messages WHERE kind = 'text' ORDER BY seq DESC"));
        Assert.Equal(["copy.db", "house.db", Path.GetFileName(kept), "house.db.lock", "house.db.nonce"],
            Directory.GetFiles(_house.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await ServesAsync(ana, held, "before");

        // And back.
        Assert.Equal(0, (await _house.RunAsync("restore", kept, "--replace")).Code);
        await ServesAsync(ana, held, "before", "after");
        ana.Dispose();
    }

    [Fact]
    public async Task Where_nothing_is_it_is_simply_put()
    {
        await _house.TalkativeAsync(50);
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
        var elsewhere = Path.Combine(_house.Folder, "new", "other.db");

        var (code, said, complaint) = await _house.RunAsync([("DB_NAME", elsewhere)], "restore", Copy);

        Assert.Equal((0, ""), (code, complaint));
        Assert.DoesNotContain("kept", said, StringComparison.Ordinal);
        Assert.Equal(["other.db", "other.db.lock"], Directory.GetFiles(Path.GetDirectoryName(elsewhere)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("51", MovingHouse.Ask(elsewhere, "SELECT COUNT(*) FROM messages"));
        Assert.NotEqual(_house.AskHere("SELECT value FROM epoch"), MovingHouse.Ask(elsewhere, "SELECT value FROM epoch"));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("short")]
    [InlineData("half")]
    [InlineData("lost")]
    public async Task A_damaged_backup_is_found_and_nothing_is_touched(string damage)
    {
        await _house.TalkativeAsync(3000);
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
        Damage(damage);
        var before = await File.ReadAllBytesAsync(_house.Source, Ct);

        var (code, _, complaint) = await _house.RunAsync("restore", Copy, "--replace");
        var (look, _, found) = await _house.RunAsync("restore", Copy, "--check");

        Assert.Equal((1, 1), (code, look));
        Assert.Matches("^olha: .*(is damaged: |is no database of this program)", complaint);
        Assert.Matches("^olha: .*(is damaged: |is no database of this program)", found);
        Assert.Equal(before, await File.ReadAllBytesAsync(_house.Source, Ct));
        Assert.Empty(Directory.GetFiles(_house.Folder, "*.restoring*"));
        Assert.Empty(Directory.GetFiles(_house.Folder, "*.before-restore*"));
    }

    [Fact]
    public async Task A_sound_backup_can_be_looked_at_while_the_server_runs()
    {
        await using var server = _house.ServeHere();
        await server.Address;
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
        var before = await File.ReadAllBytesAsync(Copy, Ct);

        var (code, said, _) = await _house.RunAsync("restore", Copy, "--check");

        Assert.Equal(0, code);
        Assert.Contains($"{Copy} is sound:", said, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Copy, Ct));
    }

    [Fact]
    public async Task What_is_no_backup_is_refused()
    {
        await _house.TalkativeAsync(1);
        var text = Path.Combine(_house.Folder, "notes.txt");
        await File.WriteAllTextAsync(text, new string('x', 5000), Ct);
        var other = Path.Combine(_house.Folder, "other.db");
        MovingHouse.Ask(other, "CREATE TABLE things (id INTEGER)");

        Assert.Equal((1, "", $"olha: {text} is no database of this program."), await _house.RunAsync("restore", text, "--replace"));
        Assert.Equal((1, "", $"olha: {other} is no database of this program."), await _house.RunAsync("restore", other, "--replace"));
        Assert.Equal((1, "", $"olha: There is no file {Copy}."), await _house.RunAsync("restore", Copy, "--replace"));
        Assert.Equal((1, "", $"olha: {_house.Source} is the database itself."), await _house.RunAsync("restore", _house.Source, "--replace"));

        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
        MovingHouse.Ask(Copy, "UPDATE schema_versions SET version = '9999' WHERE version = (SELECT MAX(version) FROM schema_versions)");
        var (code, _, complaint) = await _house.RunAsync("restore", Copy, "--replace");
        Assert.Equal((1, true), (code, complaint.StartsWith($"olha: {Copy} was made by a newer program: its schema has version 9999", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whatever_cannot_be_kept_whole_stays()
    {
        await _house.TalkativeAsync(10);
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);

        // A log without its database would be taken for the log of what comes in its place.
        File.Move(_house.Source, $"{_house.Source}.away");
        await File.WriteAllBytesAsync($"{_house.Source}-wal", new byte[100], Ct);
        var (code, _, complaint) = await _house.RunAsync("restore", Copy);
        Assert.Equal(1, code);
        Assert.Contains($"{_house.Source}-wal is there without it. Move", complaint, StringComparison.Ordinal);
        Assert.False(File.Exists(_house.Source));

        // What can't be read is kept as it is.
        File.Delete($"{_house.Source}-wal");
        await File.WriteAllTextAsync(_house.Source, new string('x', 5000), Ct);
        Assert.Equal(0, (await _house.RunAsync("restore", Copy, "--replace")).Code);
        Assert.Equal(5000, new FileInfo(Assert.Single(Directory.GetFiles(_house.Folder, "*.before-restore*"))).Length);
    }

    async Task ServesAsync(Guest ana, Hello held, params string[] said) => await MovingHouse.VisitAsync(_house.ServeHere(), async address =>
    {
        using var again = new Guest(address, ana.Me, ana.Token!);
        Assert.Equal(said, (await again.HistoryAsync(1)).Where(static it => it.Kind == MessageKind.Text).Select(static it => it.Body));
        await using var ear = await Ear.OpenAsync(address, ana.Token!, held);
        Assert.NotEqual(held.Epoch, ear.Welcome.Epoch);
        await again.SayAsync(1, "still here");
        await again.DeleteAsync(1, (await ear.NextAsync<MessageChange>(it => it.Message.Body == "still here")).Message.Seq);
    });

    void Damage(string how)
    {
        if (how == "lost")
        {
            MovingHouse.Ask(Copy, "DELETE FROM messages WHERE cid = 'c17'");
            return;
        }
        using var file = new FileStream(Copy, FileMode.Open, FileAccess.ReadWrite);
        if (how == "short") file.SetLength(file.Length - 4096 * 3);
        else if (how == "half") file.SetLength(3000);
        else
        {
            file.Position = file.Length / 2;
            file.Write(new byte[8192].Select(static (_, i) => (byte)(i * 7)).ToArray());
        }
    }
}
