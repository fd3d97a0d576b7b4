using Microsoft.AspNetCore.Http;

namespace Olha.Sockets.Tests;

/// <summary>Many who come at once.</summary>
public sealed class EntranceTests
{
    const int Many = 1000; // several crowds
    const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    static Task Answer(HttpContext context)
    {
        context.Response.ContentLength = 2;
        return context.Response.WriteAsync("ok");
    }

    [Fact]
    public async Task A_thousand_at_once_are_all_answered()
    {
        await using var server = await TinyServer.StartAsync(Answer);

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(async _ =>
        {
            using var peer = await Peer.ConnectAsync(server.Address);
            await peer.SayAsync(Get);
            return await peer.AnswerAsync();
        }));

        Assert.All(answers, answer => Assert.Equal("ok", answer));
    }

    [Fact]
    public async Task A_thousand_who_ask_for_nothing_hold_nobody_up()
    {
        await using var server = await TinyServer.StartAsync(Answer);
        var silent = await Task.WhenAll(Enumerable.Range(0, Many).Select(async i =>
        {
            var peer = await Peer.ConnectAsync(server.Address);
            if (i % 2 == 0) await peer.SayAsync("GET / HT");
            return peer;
        }));

        using (var asking = await Peer.ConnectAsync(server.Address))
        {
            await asking.SayAsync(Get);
            Assert.Equal("ok", await asking.AnswerAsync());
        }

        foreach (var peer in silent) peer.Dispose();
    }

    [Fact]
    public async Task Who_goes_before_the_answer_leaves_the_place_to_others()
    {
        await using var server = await TinyServer.StartAsync(Answer);

        for (var i = 0; i < Many; i++)
        {
            using var hasty = await Peer.ConnectAsync(server.Address);
            hasty.Reset();
        }

        using var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync(Get);
        Assert.Equal("ok", await peer.AnswerAsync());
    }
}
