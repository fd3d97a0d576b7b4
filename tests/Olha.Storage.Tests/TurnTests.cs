using System.Diagnostics;
using Olha.Testing;

namespace Olha.Storage.Tests;

/// <summary>Work that one node of a cluster does at a time.</summary>
public sealed class TurnTests(PostgresServer server) : IAsyncLifetime
{
    static readonly CancellationToken None = CancellationToken.None;
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly PostgresPlace _place = new(server);
    readonly List<Database> _nodes = [];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++) _nodes.Add(await _place.OpenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task One_node_is_at_it_and_the_others_are_told_so()
    {
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = _nodes[0].OncePerClusterAsync("sweep", _ =>
        {
            begun.SetResult();
            return end.Task;
        }, None);
        await begun.Task.WaitAsync(s_patience, None);

        foreach (var node in _nodes) Assert.False(await node.OncePerClusterAsync("sweep", Never, None));
        Assert.True(await _nodes[1].OncePerClusterAsync("something else", Nothing, None));
        end.SetResult();

        Assert.True(await first);
        Assert.True(await _nodes[1].OncePerClusterAsync("sweep", Nothing, None));
    }

    [Fact]
    public async Task Never_two_at_once_however_many_try()
    {
        var (inside, most, done) = (0, 0, 0);
        await Task.WhenAll(_nodes.Select(node => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await node.OncePerClusterAsync("sweep", async _ =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await node.WordsAsync();
                    Interlocked.Increment(ref done);
                    Interlocked.Decrement(ref inside);
                }, None);
        }, None)));

        Assert.Equal(1, most);
        Assert.NotEqual(0, done);
    }

    [Fact]
    public async Task What_fails_gives_the_turn_back()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _nodes[0].OncePerClusterAsync("sweep", _ => throw new InvalidOperationException(), None));
        using var gaveUp = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _nodes[0].OncePerClusterAsync("sweep", async held =>
        {
            await gaveUp.CancelAsync();
            held.ThrowIfCancellationRequested();
        }, gaveUp.Token));

        Assert.True(await _nodes[1].OncePerClusterAsync("sweep", Nothing, None));
    }

    [Fact]
    public async Task Who_loses_the_connection_stops_and_another_goes_on()
    {
        var begun = new TaskCompletionSource();
        var first = _nodes[0].OncePerClusterAsync("sweep", held =>
        {
            begun.SetResult();
            return Task.Delay(Timeout.Infinite, held);
        }, None);
        await begun.Task.WaitAsync(s_patience, None);

        var name = new Uri((await _place.OptionsAsync()).PostgresUrl!).AbsolutePath[1..];
        await server.ExecuteAsync($"""
            SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE l.locktype = 'advisory' AND l.granted AND d.datname = '{name}'
            """);

        await TakenAsync(_nodes[1], "sweep");
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => first.WaitAsync(s_patience, None));
    }

    [Fact]
    public async Task Who_hangs_loses_the_turn_and_learns_of_it()
    {
        using var holder = HoldingProcess.Start((await _place.OptionsAsync()).PostgresUrl!);
        try
        {
            Assert.Equal("mine", await holder.StandardOutput.ReadLineAsync(None).AsTask().WaitAsync(s_patience, None));
            Assert.False(await _nodes[0].OncePerClusterAsync(HoldingProcess.Work, Never, None));

            Signal(holder, "STOP");
            await TakenAsync(_nodes[0], HoldingProcess.Work);
            Signal(holder, "CONT");

            Assert.Equal("lost", await holder.StandardOutput.ReadLineAsync(None).AsTask().WaitAsync(s_patience, None));
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync(None);
        }
    }

    static async Task TakenAsync(Database node, string work)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await node.OncePerClusterAsync(work, Nothing, patience.Token)) await Task.Delay(50, patience.Token);
    }

    static Task Nothing(CancellationToken ct) => Task.CompletedTask;

    static Task Never(CancellationToken ct) => throw new InvalidOperationException("Another one is at it.");

    static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
