using Npgsql;
using Olha.Testing;

namespace Olha.Storage.Tests;

public sealed class PostgresFaultTests(PostgresServer server) : IAsyncLifetime
{
    const string Find = "SELECT seq FROM notes WHERE word = @word";

    // At commit, when all checks are deferred to, the connection that commits is cut.
    const string CutAtCommit = """
        CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (NEW.word = 'cut me') EXECUTE FUNCTION cut();
        """;

    static readonly CancellationToken None = CancellationToken.None;

    readonly PostgresPlace _place = new(server);

    Database Db { get; set; } = null!;

    public async ValueTask InitializeAsync() => Db = await _place.OpenAsync();

    public async ValueTask DisposeAsync() => await Db.DisposeAsync();

    [Fact]
    public async Task Cut_connections_are_not_noticed_by_callers()
    {
        for (var round = 1; round <= 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Db.SayAsync($"{round}-{i}").AsTask()));
            await Db.WordsAsync();
            var name = new Uri((await _place.OptionsAsync()).PostgresUrl!).AbsolutePath[1..];
            await server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
            Assert.Equal(round * 8, (await Db.WordsAsync()).Count);
        }
    }

    [Fact]
    public async Task A_connection_lost_during_commit_leaves_the_outcome_unknown_and_announces_nothing()
    {
        await Db.WriteAsync(tx => tx.ExecuteAsync(CutAtCommit), None);
        var announced = false;
        var lost = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => Db.WriteAsync(tx =>
        {
            tx.AfterCommit(() => announced = true);
            return tx.SayAsync("cut me");
        }, None).AsTask());

        Assert.True(lost.OutcomeUnknown);
        Assert.False(announced);
        await Db.SayAsync("next");
    }

    [Fact]
    public async Task Units_that_lock_each_other_out_both_get_through()
    {
        using var both = new Barrier(2);
        await Task.WhenAll(Cross(1, 2), Cross(2, 1));
        Assert.Equal(4, (await Db.WordsAsync()).Count);

        Task<long> Cross(long one, long other) => Task.Run(async () =>
        {
            var met = false;
            return await Db.WriteAsync(async tx =>
            {
                await tx.SayAsync($"{one} then {other}, one", one);
                if (!met) both.SignalAndWait(None);
                met = true;
                return await tx.SayAsync($"{one} then {other}, other", other);
            }, None);
        });
    }

    [Fact]
    public async Task Who_loses_a_race_to_insert_sees_the_winner_on_the_second_run()
    {
        using var both = new Barrier(2);
        var seqs = await Task.WhenAll(Once(1), Once(2));

        Assert.Equal(seqs[0], seqs[1]);
        Assert.Equal(["the one"], await Db.WordsAsync());

        Task<long> Once(long room) => Task.Run(async () =>
        {
            var met = false;
            return await Db.WriteAsync(async tx =>
            {
                if (await tx.ScalarAsync<long?>(Find, ("@word", "the one")) is { } already) return already;
                if (!met) both.SignalAndWait(None);
                met = true;
                return await tx.SayAsync("the one", room);
            }, None);
        });
    }

    [Fact]
    public async Task A_unit_that_always_violates_uniqueness_is_a_bug_and_thrown()
    {
        await Db.SayAsync("twice");

        var thrown = await Assert.ThrowsAsync<PostgresException>(() => Db.SayAsync("twice").AsTask());
        Assert.Equal(PostgresErrorCodes.UniqueViolation, thrown.SqlState);
    }

    [Fact]
    public async Task A_held_lane_holds_up_no_other()
    {
        using var gate = new Gate();
        var held = await gate.HoldAsync(Db, "held", new Lane());

        Assert.Equal(1, await Db.SayAsync("free", room: 2, new Lane()));
        gate.Open();
        await held;
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable_and_a_wrong_database_refused()
    {
        var options = await _place.OptionsAsync();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            Database.OpenAsync(options with { PostgresUrl = "postgres://olha@127.0.0.1:1/olha" }, None));

        var elsewhere = new UriBuilder(options.PostgresUrl!) { Path = "nowhere" }.Uri.AbsoluteUri;
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() =>
            Database.OpenAsync(options with { PostgresUrl = elsewhere }, None));
        Assert.Contains("nowhere", refused.Message, StringComparison.Ordinal);
    }
}
