using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Olha.Sockets.Tests;

/// <summary>Requests over our sockets, as the framework serves them.</summary>
public sealed class RequestTests
{
    static Task EchoPath(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentLength = path.Length;
        return context.Response.WriteAsync(path);
    }

    static string Get(string path) => $"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public async Task A_connection_serves_one_request_after_another()
    {
        await using var server = await TinyServer.StartAsync(EchoPath);
        using var peer = await Peer.ConnectAsync(server.Address);

        for (var i = 0; i < 5; i++)
        {
            await peer.SayAsync(Get($"/{i}"));
            Assert.Equal($"/{i}", await peer.AnswerAsync());
        }
    }

    [Fact]
    public async Task Requests_that_came_together_are_answered_in_order()
    {
        await using var server = await TinyServer.StartAsync(EchoPath);
        using var peer = await Peer.ConnectAsync(server.Address);

        await peer.SayAsync(string.Concat(Enumerable.Range(0, 100).Select(i => Get($"/{i}"))));

        for (var i = 0; i < 100; i++) Assert.Equal($"/{i}", await peer.AnswerAsync());
    }

    [Fact]
    public async Task A_request_is_read_byte_by_byte()
    {
        await using var server = await TinyServer.StartAsync(EchoPath);
        using var peer = await Peer.ConnectAsync(server.Address);

        foreach (var one in Get("/slowly")) await peer.SayAsync($"{one}");

        Assert.Equal("/slowly", await peer.AnswerAsync());
    }

    [Fact]
    public async Task The_other_sides_address_is_known()
    {
        await using var server = await TinyServer.StartAsync(async context =>
        {
            var said = $"{context.Connection.RemoteIpAddress} {context.Connection.RemotePort > 0} {context.Connection.LocalPort > 0}";
            context.Response.ContentLength = said.Length;
            await context.Response.WriteAsync(said);
        });
        using var peer = await Peer.ConnectAsync(server.Address);

        await peer.SayAsync(Get("/"));

        Assert.Equal("127.0.0.1 True True", await peer.AnswerAsync());
    }

    [Fact]
    public async Task A_large_upload_waits_for_who_reads_it_and_arrives_whole()
    {
        var sent = Some.Bytes(24 * 1024 * 1024);
        var read = new TaskCompletionSource();
        var arrived = new MemoryStream();
        await using var server = await TinyServer.StartAsync(async context =>
        {
            await read.Task;
            await context.Request.Body.CopyToAsync(arrived);
            context.Response.ContentLength = 0;
        });
        using var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {sent.Length}\r\n\r\n");

        var sending = peer.SendAsync(sent);
        await Some.StandsStillAsync(() => peer.Sent);
        Assert.True(peer.Sent < sent.Length, "Everything was taken although nobody reads.");
        read.SetResult();
        await sending;

        Assert.Equal("", await peer.AnswerAsync());
        Assert.Equal(sent, arrived.ToArray());
    }

    [Fact]
    public async Task A_large_answer_arrives_whole_at_a_slow_reader()
    {
        var said = Some.Bytes(2 * 1024 * 1024);
        await using var server = await TinyServer.StartAsync(async context =>
        {
            context.Response.ContentLength = said.Length;
            foreach (var part in said.Chunk(100_000)) await context.Response.Body.WriteAsync(part);
        });
        using var peer = await Peer.ConnectAsync(server.Address, receiveBuffer: 2048);
        await peer.SayAsync(Get("/"));
        await peer.HeadAsync();

        Assert.Equal(said, await peer.ExactlyAsync(said.Length));
        await peer.SayAsync(Get("/"));
        await peer.HeadAsync();
        Assert.Equal(said[..100], await peer.ExactlyAsync(100));
    }

    [Fact]
    public async Task Who_resets_while_they_send_is_noticed_and_others_are_served()
    {
        var begun = new TaskCompletionSource();
        var noticed = new TaskCompletionSource<Exception?>();
        await using var server = await TinyServer.StartAsync(async context =>
        {
            if (context.Request.Method == "GET")
            {
                await EchoPath(context);
                return;
            }
            try
            {
                await context.Request.Body.ReadExactlyAsync(new byte[3]);
                begun.SetResult();
                await context.Request.Body.CopyToAsync(Stream.Null);
                noticed.SetResult(null);
            }
            catch (Exception cause)
            {
                noticed.SetResult(cause);
            }
        });
        var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
        await begun.Task.SoonAsync();

        peer.Reset();

        Assert.IsType<IOException>(await noticed.Task.SoonAsync(), exactMatch: false);
        using var other = await Peer.ConnectAsync(server.Address);
        await other.SayAsync(Get("/still"));
        Assert.Equal("/still", await other.AnswerAsync());
    }

    [Fact]
    public async Task Who_resets_instead_of_reading_keeps_nobody_waiting()
    {
        var done = new TaskCompletionSource();
        var stuck = new TaskCompletionSource();
        await using var server = await TinyServer.StartAsync(async context =>
        {
            var part = new byte[256 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                var writing = context.Response.Body.WriteAsync(part);
                if (!writing.IsCompleted) stuck.TrySetResult();
                await writing;
            }
            done.SetResult();
        });
        var peer = await Peer.ConnectAsync(server.Address, receiveBuffer: 2048);
        await peer.SayAsync(Get("/"));
        await stuck.Task.SoonAsync();

        peer.Reset();

        await done.Task.SoonAsync();
    }

    // The end of what is sent may lie behind more than is read at once, and be told together with it.
    [Theory, InlineData(1), InlineData(100_000), InlineData(1_500_000)]
    public async Task Who_ends_before_the_request_is_whole_is_noticed_however_much_lies_before_the_end(int sent)
    {
        var read = new TaskCompletionSource();
        var noticed = new TaskCompletionSource<(long Arrived, Exception? Cause)>();
        await using var server = await TinyServer.StartAsync(async context =>
        {
            await read.Task;
            var arrived = new MemoryStream();
            try
            {
                await context.Request.Body.CopyToAsync(arrived);
                noticed.SetResult((arrived.Length, null));
            }
            catch (Exception cause)
            {
                noticed.SetResult((arrived.Length, cause));
            }
        });
        using var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {sent + 1}\r\n\r\n");

        await peer.SendAsync(Some.Bytes(sent));
        peer.EndSending();
        read.SetResult();

        Assert.IsType<IOException>((await noticed.Task.SoonAsync()).Cause, exactMatch: false);
    }

    [Fact]
    public async Task Who_connects_and_says_nothing_may_leave_again()
    {
        await using var server = await TinyServer.StartAsync(EchoPath);
        using (await Peer.ConnectAsync(server.Address)) { }
        (await Peer.ConnectAsync(server.Address)).Reset();
        using var half = await Peer.ConnectAsync(server.Address);
        half.EndSending();

        Assert.Empty(await half.AllAsync());
        using var other = await Peer.ConnectAsync(server.Address);
        await other.SayAsync(Get("/still"));
        Assert.Equal("/still", await other.AnswerAsync());
    }

    [Fact]
    public async Task A_server_that_stops_answers_what_it_has_begun_and_ends_its_connections()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var server = await TinyServer.StartAsync(async context =>
        {
            begun.SetResult();
            await go.Task;
            await EchoPath(context);
        });
        using var busy = await Peer.ConnectAsync(server.Address);
        using var idle = await Peer.ConnectAsync(server.Address);
        await busy.SayAsync(Get("/last"));
        await begun.Task.SoonAsync();

        var stopping = server.DisposeAsync();
        Assert.Empty(await idle.AllAsync());
        go.SetResult();

        Assert.EndsWith("/last", Encoding.ASCII.GetString(await busy.AllAsync()));
        await stopping;
        await Assert.ThrowsAsync<SocketException>(() => Peer.ConnectAsync(server.Address));
    }
}
