using Olha.Server.Tests.Commands;
using Olha.Testing;

namespace Olha.Server.Tests.Backups;

/// <summary>Backups of PostgreSQL are the same SQLite files: each can be restored to either database.</summary>
public sealed class PostgresBackupTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    string Copy => Path.Combine(_house.Folder, "copy.db");

    (string, string)[] There => [("DATABASE_URL", _house.Target)];

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Everything_of_a_running_server_can_go_to_SQLite_and_to_another_PostgreSQL()
    {
        await using (var server = _house.ServeThere())
        {
            await new Life().BeginAsync(await server.Address);
            var (code, said, complaint) = await _house.RunAsync(There, "backup", Copy);
            Assert.Equal((0, ""), (code, complaint));
            Assert.Contains("(people: ", said, StringComparison.Ordinal);
            server.Terminate();
            await server.EndedAsync();
        }
        // What its end has written is not in that one.
        Assert.Equal(0, (await _house.RunAsync(There, "backup", Copy, "--replace")).Code);

        Assert.Equal(0, (await _house.RunAsync("restore", Copy)).Code);
        await _house.AssertSameAsync();
        Assert.NotEqual(await _house.AskThereAsync<string>("SELECT value FROM epoch"), _house.AskHere("SELECT value FROM epoch"));
        await AssertIdsGoOnAsync(_house);

        var another = await postgres.NewDatabaseAsync();
        var (moved, told, why) = await _house.RunAsync([("DATABASE_URL", another)], "restore", Copy);
        Assert.Equal((0, ""), (moved, why));
        Assert.Contains("the PostgreSQL database holds what", told, StringComparison.Ordinal);
        await using var there = MovingHouse.Between(_house.Source, another);
        await there.AssertSameAsync();
        Assert.NotEqual(await _house.AskThereAsync<string>("SELECT value FROM epoch"), await there.AskThereAsync<string>("SELECT value FROM epoch"));
        Assert.Equal(["copy.db"], Directory.GetFiles(_house.Folder, "copy*").Select(Path.GetFileName));
        await using var again = _house.ServeHere(("DATABASE_URL", another));
        (await MovingHouse.SignUpAsync(await again.Address, "new")).Dispose();
    }

    [Fact]
    public async Task Into_a_database_that_holds_something_nothing_is_restored()
    {
        await MovingHouse.VisitAsync(_house.ServeThere(), async address => (await MovingHouse.SignUpAsync(address, "ana")).Dispose());
        Assert.Equal(0, (await _house.RunAsync(There, "backup", Copy)).Code);

        var (code, _, complaint) = await _house.RunAsync(There, "restore", Copy);

        Assert.Equal((1, "olha: The PostgreSQL database holds a server already, or something else. Make a new database for the backup, and name it in DATABASE_URL."), (code, complaint));
        Assert.Equal(1, await _house.AskThereAsync<long>("SELECT count(*) FROM users"));
        Assert.Equal(2, (await _house.RunAsync(There, "restore", Copy, "--replace")).Code);
    }

    [Fact]
    public async Task Killed_on_the_way_in_it_goes_on_and_no_server_opens_what_is_unfinished()
    {
        await _house.TalkativeAsync(30_000);
        Assert.Equal(0, (await _house.RunAsync("backup", Copy)).Code);
        var cut = 0;
        for (var milliseconds = 300; ; milliseconds += 150)
        {
            await using var program = _house.Start(There, "restore", Copy);
            var ended = program.EndedAsync();
            if (await Task.WhenAny(ended, Task.Delay(milliseconds, TestContext.Current.CancellationToken)) == ended)
            {
                // The one before may have been killed when all was done but its last word.
                if (await ended is var (code, complaint) && code != 0) Assert.Contains("holds a server already", complaint, StringComparison.Ordinal);
                break;
            }
            await program.KillAsync();
            if (await _house.CopiedAsync() is null) continue;
            cut++;
            await using var server = _house.ServeThere();
            var (refused, why) = await server.EndedAsync();
            Assert.Equal(1, refused);
            Assert.Contains("(olha restore, if that began it)", why, StringComparison.Ordinal);
        }
        Assert.True(cut > 0);
        await _house.AssertSameAsync();
    }

    [Fact]
    public async Task Without_a_server_in_it_there_is_nothing_to_back_up()
    {
        var (code, _, complaint) = await _house.RunAsync(There, "backup", Copy);

        Assert.Equal((1, "olha: The PostgreSQL database holds no server of this program."), (code, complaint));
        Assert.Empty(Directory.GetFiles(_house.Folder, "copy*"));
    }

    // Also those whose rows are gone.
    static async Task AssertIdsGoOnAsync(MovingHouse house)
    {
        foreach (var table in (string[])["rooms", "messages", "users"])
            Assert.Equal(
                await house.AskThereAsync<long>($"SELECT pg_sequence_last_value(pg_get_serial_sequence('{table}', 'id')::regclass)"),
                long.Parse(house.AskHere($"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"), System.Globalization.CultureInfo.InvariantCulture));
    }
}
