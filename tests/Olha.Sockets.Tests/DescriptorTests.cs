using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Olha.Sockets.Tests;

/// <summary>The process's descriptors: none is left behind, and nothing breaks when they have run out. Alone, because they are
/// everybody's.</summary>
[CollectionDefinition(nameof(Descriptors), DisableParallelization = true)]
public sealed class Descriptors;

[Collection(nameof(Descriptors))]
public sealed partial class DescriptorTests
{
    const int Connections = 200;
    const int Starts = 5;
    const int Room = 60;

    static int Open => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    static Task Answer(HttpContext context)
    {
        context.Response.ContentLength = 2;
        return context.Response.WriteAsync("ok");
    }

    [Fact]
    public async Task Connections_leave_no_descriptors_however_they_end()
    {
        await using var server = await TinyServer.StartAsync(Answer);
        var (taking, readers) = await Reader.ServerAsync();
        await using var _ = taking;
        var (one, other) = (server.Address, taking.Address);
        Func<Task>[] ways =
        [
            async () => { using var peer = await Peer.ConnectAsync(one); },
            async () => (await Peer.ConnectAsync(one)).Reset(),
            async () =>
            {
                using var peer = await Peer.ConnectAsync(one);
                await peer.SayAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                Assert.Equal("ok", await peer.AnswerAsync());
            },
            async () =>
            {
                using var peer = await Peer.ConnectAsync(one);
                await peer.SayAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
            },
            async () => { using var peer = await Peer.UpgradedAsync(other); },
            async () => (await Peer.UpgradedAsync(other)).Reset(),
            async () =>
            {
                var peer = await Peer.ConnectAsync(other);
                await peer.SayAsync(Peer.Upgrade);
                peer.Reset(); // while it is being taken
            },
            async () =>
            {
                using var peer = await Peer.UpgradedAsync(other);
                await peer.SendAsync(new byte[200_000]);
                peer.EndSending();
                Assert.Empty(await peer.AllAsync());
            },
        ];
        await AllWaysAsync(4); // what is made once and kept is there from now on
        await Some.StandsStillAsync(() => Open);
        var before = Open;

        await AllWaysAsync(Connections);

        await Some.UntilAsync(() => Open <= before, "as many descriptors as before");
        while (readers.TryRead(out var reader)) await reader.Gone.SoonAsync();

        Task AllWaysAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(ways[i % ways.Length])));
    }

    [Fact]
    public async Task A_stopped_server_leaves_no_descriptors()
    {
        await StartAndStopAsync();
        await Some.StandsStillAsync(() => Open);
        var before = Open;

        for (var i = 0; i < Starts; i++) await StartAndStopAsync();

        // The runtime may open one meanwhile that it keeps; a server that left one would have left one each time.
        await Some.UntilAsync(() => Open < before + Starts, "less than a descriptor more for each start");
    }

    [Fact]
    public async Task A_start_that_failed_closes_its_port_without_a_complaint_that_hides_the_reason()
    {
        using var transport = new SocketTransport(NullLogger<SocketTransport>.Instance);
        var listener = await transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), TestContext.Current.CancellationToken);

        await listener.UnbindAsync(new CancellationToken(canceled: true));

        using var next = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        next.Bind(listener.EndPoint);
    }

    [Fact]
    public async Task When_descriptors_have_run_out_new_connections_wait_and_the_others_go_on()
    {
        const string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        await StartAndStopAsync(); // what is opened once and kept is open from now on
        await Some.StandsStillAsync(() => Open);
        var usual = Limit();
        SetLimit(usual with { Soft = (ulong)Open + Room + SocketListener.Reserve });
        var peers = new List<Peer>();
        try
        {
            await using var server = await TinyServer.StartAsync(Answer);
            using var old = await Peer.ConnectAsync(server.Address);
            await AnswersAsync(old);

            // Both ends are ours: half as many connections use up the room. The others wait, however many they are.
            for (var i = 0; i < Room; i++) peers.Add(await Peer.ConnectAsync(server.Address));
            foreach (var peer in peers) await peer.SayAsync(get);
            for (var i = 0; i < 50; i++) await AnswersAsync(old);
            Assert.True(Open < (int)Limit().Soft - SocketListener.Reserve / 4, "the reserve is used up"); // half of it are those who wait
            var late = peers[^1].AnswerAsync();
            Assert.False(late.IsCompleted);

            foreach (var peer in peers[..(Room / 2)]) peer.Dispose();
            Assert.Equal("ok", await late);
        }
        finally
        {
            foreach (var peer in peers) peer.Dispose();
            SetLimit(usual);
        }

        static async Task AnswersAsync(Peer peer)
        {
            await peer.SayAsync(get);
            Assert.Equal("ok", await peer.AnswerAsync());
        }
    }

    static async Task StartAndStopAsync()
    {
        await using var server = await TinyServer.StartAsync(Answer);
        using var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal("ok", await peer.AnswerAsync());
    }

    const int OpenFiles = 7; // RLIMIT_NOFILE

    readonly record struct OpenFileLimit(ulong Soft, ulong Hard);

    static OpenFileLimit Limit()
    {
        Assert.Equal(0, GetLimit(OpenFiles, out var limit));
        return limit;
    }

    static void SetLimit(OpenFileLimit limit) => Assert.Equal(0, SetLimit(OpenFiles, limit));

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int what, out OpenFileLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int what, in OpenFileLimit limit);
}
