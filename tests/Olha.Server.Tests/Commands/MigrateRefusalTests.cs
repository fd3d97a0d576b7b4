using Npgsql;
using Olha.Testing;

namespace Olha.Server.Tests.Commands;

/// <summary>What <c>olha migrate</c> does not do, and what it says instead: one line, and what to do.</summary>
public sealed class MigrateRefusalTests(PostgresServer postgres) : IAsyncLifetime
{
    MovingHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await MovingHouse.CreateAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_server_that_runs_is_not_moved()
    {
        await using var server = _house.ServeHere();
        await server.Address;

        await RefusedAsync($"the server is running and has {_house.Source} to itself. Stop it and do this again.");
        Assert.Equal(0, await TablesThereAsync());
    }

    [Fact]
    public async Task Without_a_file_none_is_made()
    {
        await RefusedAsync($"There is no database {_house.Source}.");
        Assert.Empty(Directory.GetFileSystemEntries(_house.Folder));
    }

    [Theory]
    [InlineData("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)", "is no database of this program.")]
    [InlineData(null, "is not a SQLite database.")]
    public async Task Another_programs_file_is_left_alone(string? sql, string expected)
    {
        if (sql is null) await File.WriteAllTextAsync(_house.Source, new string('x', 4096), TestContext.Current.CancellationToken);
        else _house.ExecuteHere(sql);
        var before = await File.ReadAllBytesAsync(_house.Source, TestContext.Current.CancellationToken);

        await RefusedAsync($"{_house.Source} {expected}");

        Assert.Equal(before, await File.ReadAllBytesAsync(_house.Source, TestContext.Current.CancellationToken));
        Assert.Equal(0, await TablesThereAsync());
    }

    [Fact]
    public async Task An_older_or_newer_schema_is_not_moved()
    {
        await _house.TalkativeAsync(1);
        var newest = _house.AskHere("SELECT max(CAST(version AS INTEGER)) FROM schema_versions WHERE version IS NOT NULL");
        _house.ExecuteHere($"UPDATE schema_versions SET version = '9999' WHERE CAST(version AS INTEGER) = {newest}");
        await RefusedAsync("The database has schema version 9999, this program knows versions up to ");

        _house.ExecuteHere("DELETE FROM schema_versions WHERE version = '9999'");
        await RefusedAsync($"{_house.Source} was written by an older version of this program", "Start this version once with DB_NAME=");
        Assert.Equal(0, await TablesThereAsync());
    }

    [Theory]
    [InlineData("CREATE TABLE theirs (id BIGINT)", "has the tables theirs. Make a new database for it.")]
    [InlineData("CREATE TABLE a (id BIGINT); CREATE TABLE b (id BIGINT); CREATE TABLE c (id BIGINT); CREATE TABLE d (id BIGINT)", "has the tables a, b, c and 1 more.")]
    public async Task A_database_that_holds_something_is_left_alone(string sql, string expected)
    {
        await _house.TalkativeAsync(1);
        await ExecuteThereAsync(sql);
        var before = await TablesThereAsync();

        await RefusedAsync($"The PostgreSQL database is not empty: it {expected}");

        Assert.Equal(before, await TablesThereAsync());
    }

    [Fact]
    public async Task Another_server_is_never_written_over()
    {
        await _house.TalkativeAsync(1);
        await MovingHouse.VisitAsync(_house.ServeThere(), async address => (await MovingHouse.SignUpAsync(address, "zoé")).Dispose());

        await RefusedAsync("The PostgreSQL database is not empty");
        var (code, _, complaint) = await _house.MigrateAsync("--restart");

        Assert.Equal((1, true), (code, complaint.StartsWith("olha: The PostgreSQL database is not empty", StringComparison.Ordinal)));
        Assert.Equal("zoé", await _house.AskThereAsync<string>("SELECT username FROM users"));
    }

    [Fact]
    public async Task What_is_moved_already_is_not_moved_again()
    {
        await _house.TalkativeAsync(1);
        Assert.Equal(0, (await _house.MigrateAsync()).Code);

        await RefusedAsync("The PostgreSQL database holds this server already: an earlier move was finished.", "Start the server with DATABASE_URL naming it.");
    }

    [Fact]
    public async Task Two_at_a_time_are_one_too_many()
    {
        await _house.TalkativeAsync(1);
        await using var other = await _house.OpenThereAsync();
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(1869375597)", other)) await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await RefusedAsync("Another move into this PostgreSQL database is at work. Wait for its end.");
    }

    [Fact]
    public async Task A_row_that_PostgreSQL_cannot_store_is_named()
    {
        await _house.TalkativeAsync(3);
        _house.ExecuteHere("UPDATE messages SET body = 'a' || char(0) || 'b' WHERE cid = 'c2'");

        await RefusedAsync($"In messages ({_house.AskHere("SELECT id FROM messages WHERE cid = 'c2'")}) the column body holds a text with the character U+0000");
    }

    [Theory]
    [InlineData("postgres://postgres@127.0.0.1:1/none", "unavailable")]
    [InlineData("", "refused")]
    public async Task A_database_that_cannot_be_reached_is_told(string target, string code)
    {
        await _house.TalkativeAsync(1);
        if (target.Length == 0) target = new UriBuilder(_house.Target) { Path = "there_is_none" }.Uri.AbsoluteUri;

        var (exit, said, complaint) = await _house.RunAsync("migrate", "--from", "sqlite", "--to", target, "--json");

        Assert.Equal((1, ""), (exit, complaint));
        Assert.Contains($"\"ok\":false,\"code\":\"{code}\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_not_repeated()
    {
        await _house.TalkativeAsync(1);

        var (code, said, complaint) = await _house.RunAsync("migrate", "--from", "sqlite", "--to", "postgres://ana:secret@127.0.0.1:1/none");

        Assert.Equal(1, code);
        Assert.DoesNotContain("secret", said + complaint, StringComparison.Ordinal);
        Assert.Contains("postgres://ana:...@127.0.0.1:1/none", complaint, StringComparison.Ordinal);
    }

    async Task RefusedAsync(params string[] parts)
    {
        var (code, said, complaint) = await _house.MigrateAsync();

        Assert.Equal(1, code);
        Assert.StartsWith($"olha: {parts[0]}", complaint, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, complaint, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', complaint);
        Assert.DoesNotContain("Moved", said, StringComparison.Ordinal);
    }

    Task<long> TablesThereAsync() => _house.AskThereAsync<long>("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'");

    async Task ExecuteThereAsync(string sql)
    {
        await using var connection = await _house.OpenThereAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
