using System.Text.Json.Nodes;
using Npgsql;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary>However <c>olha migrate</c> ends before its end, the same command brings it there, with nothing lost and nothing doubled.</summary>
public sealed class InterruptedMigrateTests(PostgresServer postgres) : IAsyncLifetime
{
    const int Messages = 6000;
    const int All = Messages + 20; // ana, her session, General and so on
    const string SmallSteps = "25";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    MovingHouse _house = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await MovingHouse.CreateAsync(postgres);
        await _house.TalkativeAsync(Messages);
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Killed_while_it_copies_it_goes_on_from_the_last_chunk()
    {
        for (var part = 1; part <= 4; part++)
        {
            await using var program = _house.StartMigrating("--chunk", SmallSteps);
            await ReachedAsync(program, Messages * part / 5);
            program.Kill();
            await program.EndedAsync();
            Assert.InRange(await _house.CopiedAsync() ?? -1, Messages * part / 5, All);
        }
        await using (var server = _house.ServeThere())
        {
            var (refused, why) = await server.EndedAsync();
            Assert.Equal(1, refused);
            Assert.Contains("unfinished copy of a SQLite database: run olha migrate again", why, StringComparison.Ordinal);
        }

        var copied = await _house.CopiedAsync();
        var (code, said, complaint) = await _house.MigrateAsync("--json");

        Assert.Equal((0, ""), (code, complaint));
        Assert.Equal(copied, (long?)JsonNode.Parse(said.Split('\n')[^1])!["copiedBefore"]);
        await _house.AssertSameAsync();
    }

    [Fact]
    public async Task Killed_at_any_moment_it_can_be_run_again()
    {
        // Chunks so large that most of these moments lie before the first row or behind the last.
        for (var milliseconds = 40; ; milliseconds = milliseconds * 5 / 4)
        {
            await using var program = _house.StartMigrating();
            var ended = program.EndedAsync();
            if (await Task.WhenAny(ended, Task.Delay(milliseconds, Ct)) == ended)
            {
                Assert.Equal(0, (await ended).Code);
                break;
            }
            program.Kill();
            await ended;
            // The last commit may have come before the kill.
            if (await _house.CopiedAsync() is null && await _house.AskThereAsync<bool>("SELECT to_regclass('epoch') IS NOT NULL")) break;
        }
        await _house.AssertSameAsync();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Asked_to_stop_it_says_how_to_go_on(string signal)
    {
        await using (var program = _house.StartMigrating("--chunk", SmallSteps))
        {
            await ReachedAsync(program, Messages / 3);
            if (signal == "INT") program.Interrupt();
            else program.Terminate();
            var (stopped, why) = await program.EndedAsync();
            var target = _house.Target.Replace(":olha@", ":...@", StringComparison.Ordinal); // a password is not repeated
            Assert.Equal((1, $"olha: stopped. Nothing is lost: the SQLite file is as it was. Go on with: olha migrate --from sqlite --to {target}"), (stopped, why.TrimEnd()));
            Assert.DoesNotContain("Moved", program.Said, StringComparison.Ordinal);
        }
        Assert.InRange(await _house.CopiedAsync() ?? -1, Messages / 3, All);

        Assert.Equal(0, (await _house.MigrateAsync()).Code);
        await _house.AssertSameAsync();
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_told_and_the_copy_goes_on_over_another()
    {
        await using (var proxy = new CuttingProxy(_house.Target, after: 300_000))
        {
            var (cut, _, why) = await _house.RunAsync("migrate", "--from", "sqlite", "--to", proxy.Target, "--chunk", SmallSteps);
            Assert.True(proxy.HasCut);
            Assert.Equal(1, cut);
            Assert.StartsWith("olha: PostgreSQL can't be reached, or can't go on:", why, StringComparison.Ordinal);
            Assert.Contains("Nothing is lost: the SQLite file is as it was. When PostgreSQL is well again: olha migrate", why, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', why);
        }
        Assert.InRange(await _house.CopiedAsync() ?? -1, 100, Messages - 1);

        Assert.Equal(0, (await _house.MigrateAsync()).Code);
        await _house.AssertSameAsync();
    }

    [Fact]
    public async Task PostgreSQL_that_throws_it_out_is_told()
    {
        await using (var program = _house.StartMigrating("--chunk", SmallSteps))
        {
            await ReachedAsync(program, Messages / 4);
            await postgres.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new Uri(_house.Target).AbsolutePath[1..]}'");
            var (code, why) = await program.EndedAsync();
            Assert.Equal(1, code);
            Assert.StartsWith("olha: PostgreSQL can't be reached, or can't go on:", why, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await _house.MigrateAsync()).Code);
        await _house.AssertSameAsync();
    }

    [Fact]
    public async Task When_a_server_has_opened_the_file_since_it_begins_anew_and_only_when_told()
    {
        await StopHalfwayAsync();
        await MovingHouse.VisitAsync(_house.ServeHere(), async address => (await MovingHouse.SignUpAsync(address, "bruno")).Dispose());

        var (code, _, complaint) = await _house.MigrateAsync();
        Assert.Equal(1, code);
        Assert.StartsWith("olha: The PostgreSQL database holds the unfinished copy of another SQLite database, or of this one before", complaint, StringComparison.Ordinal);
        Assert.EndsWith("--restart", complaint, StringComparison.Ordinal);

        Assert.Equal(0, (await _house.MigrateAsync("--restart")).Code);
        await _house.AssertSameAsync();
        Assert.Equal(2, await _house.AskThereAsync<long>("SELECT count(*) FROM users"));
    }

    [Theory]
    [InlineData("UPDATE messages SET body = body || '.' WHERE id = 5")]
    [InlineData("DELETE FROM messages WHERE id = 5")]
    [InlineData("UPDATE messages SET edited_at = 0 WHERE id = 5")]
    [InlineData("UPDATE messages SET body_hash = NULL WHERE id = 5")]
    [InlineData("UPDATE messages m SET body = o.body FROM messages o WHERE m.id IN (5, 6) AND o.id = 11 - m.id")]
    public async Task A_copy_that_is_not_the_same_is_not_accepted(string tampering)
    {
        await StopHalfwayAsync();
        await using (var connection = await _house.OpenThereAsync())
        await using (var command = new NpgsqlCommand(tampering, connection))
            Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Ct));

        var (code, _, complaint) = await _house.MigrateAsync();

        Assert.Equal(1, code);
        Assert.StartsWith("olha: The copy of messages is not the same:", complaint, StringComparison.Ordinal);
        Assert.NotNull(await _house.CopiedAsync());
    }

    [Fact]
    public async Task What_was_written_into_the_file_by_hand_is_noticed()
    {
        await StopHalfwayAsync();
        _house.ExecuteHere("UPDATE messages SET body = 'by hand' WHERE cid = 'c7'");

        var (code, _, complaint) = await _house.MigrateAsync();
        Assert.Equal((1, true), (code, complaint.StartsWith("olha: The copy of messages is not the same:", StringComparison.Ordinal)));

        Assert.Equal(0, (await _house.MigrateAsync("--restart")).Code);
        await _house.AssertSameAsync();
    }

    async Task StopHalfwayAsync()
    {
        await using var program = _house.StartMigrating("--chunk", SmallSteps);
        await ReachedAsync(program, Messages / 2);
        program.Kill();
        await program.EndedAsync();
    }

    async Task ReachedAsync(RunningProgram program, long rows)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(s_patience);
        await using var connection = await _house.OpenThereAsync();
        while (await MovingHouse.CopiedAsync(connection) is not { } copied || copied < rows)
        {
            Assert.False(program.HasEnded, "It ended before that.");
            await Task.Delay(1, patience.Token);
        }
    }
}
