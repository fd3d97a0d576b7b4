using System.Net.Sockets;
using System.Text;

namespace Olha.Sockets.Tests;

/// <summary>A socket that is taken out of the framework's hands.</summary>
public sealed class HandoverTests
{
    [Fact]
    public async Task What_came_right_behind_the_request_is_not_lost()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        using var peer = await Peer.ConnectAsync(server.Address);

        await peer.SayAsync(Peer.Upgrade + "first");
        Assert.StartsWith("HTTP/1.1 101", await peer.HeadAsync());
        await peer.SayAsync(" second");

        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        await Some.UntilAsync(() => Encoding.ASCII.GetString(reader.Heard) == "first second", "both words");
    }

    // Bytes come before, while and after the socket changes hands.
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Not_a_byte_is_lost_or_doubled_whenever_it_comes(int seed)
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        var chance = new Random(seed);
        var said = Some.Bytes(100_000 + seed);
        for (var i = 0; i < 20; i++)
        {
            using var peer = await Peer.ConnectAsync(server.Address);
            byte[] all = [.. Encoding.ASCII.GetBytes(Peer.Upgrade), .. said];
            for (var at = 0; at < all.Length;)
            {
                var length = Math.Min(all.Length - at, chance.Next(1, at < 500 ? 200 : 20_000));
                await peer.SendAsync(all.AsMemory(at, length));
                at += length;
            }
            var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
            await Some.UntilAsync(() => reader.HeardBytes >= said.Length, "all bytes");
            Assert.Equal(said, reader.Heard);
        }
    }

    [Fact]
    public async Task Much_is_written_whole_to_a_slow_reader()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address, receiveBuffer: 2048);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        var said = Some.Bytes(4 * 1024 * 1024);

        reader.Say(said);

        Assert.Equal(said, await peer.ExactlyAsync(said.Length));
        Assert.NotEqual(0, reader.Partly);
    }

    [Fact]
    public async Task Both_sides_speak_at_once()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address, receiveBuffer: 16 * 1024);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        var (up, down) = (Some.Bytes(2_000_000), Some.Bytes(3_000_000));

        reader.Say(down);
        var sending = peer.SendAsync(up);
        Assert.Equal(down, await peer.ExactlyAsync(down.Length));
        await sending;

        await Some.UntilAsync(() => reader.HeardBytes >= up.Length, "all bytes");
        Assert.Equal(up, reader.Heard);
    }

    [Fact]
    public async Task Who_wants_no_more_gets_none_until_they_read_on()
    {
        var (server, readers) = await Reader.ServerAsync(static bytes => bytes.Length == 0);
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        var sent = Some.Bytes(24 * 1024 * 1024);

        var sending = peer.SendAsync(sent);
        await Some.StandsStillAsync(() => peer.Sent);
        Assert.InRange(reader.HeardBytes, 1, 64 * 1024);
        Assert.False(sending.IsCompleted);
        await Some.UntilAsync(() =>
        {
            reader.Socket.ReadOn();
            return reader.HeardBytes >= sent.Length;
        }, "all bytes");

        await sending;
        Assert.Equal(sent, reader.Heard);
    }

    // A reader that was busy may have kept what it could not look at yet: it is asked again, although nothing comes any more.
    [Fact]
    public async Task Who_reads_on_is_called_even_when_nothing_has_come()
    {
        var (server, readers) = await Reader.ServerAsync(static bytes => bytes.Length == 0);
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        await peer.SayAsync("word");
        await Some.UntilAsync(() => reader.HeardBytes == 4, "the word");
        var before = reader.Takes;

        reader.Socket.ReadOn();

        await Some.UntilAsync(() => reader.Takes > before, "a call");
        Assert.Equal(4, reader.HeardBytes);
    }

    [Fact]
    public async Task A_reader_that_is_busy_with_what_came_behind_the_request_is_called_again_too()
    {
        var (server, readers) = await Reader.ServerAsync(static bytes => bytes.Length == 0);
        await using var _ = server;
        using var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync(Peer.Upgrade + "word");
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        await Some.UntilAsync(() => reader.HeardBytes == 4, "the word");
        var before = reader.Takes;

        reader.Socket.ReadOn();

        await Some.UntilAsync(() => reader.Takes > before, "a call");
    }

    [Theory, InlineData(0), InlineData(5), InlineData(100_000), InlineData(1_000_000)]
    public async Task The_end_comes_after_all_that_was_sent_however_much_it_is(int sent)
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);

        await peer.SendAsync(Some.Bytes(sent));
        peer.EndSending();

        await reader.Gone.SoonAsync();
        Assert.Equal(Some.Bytes(sent), reader.Heard);
        Assert.Empty(await peer.AllAsync());
    }

    // The end is told together with the bytes before it: nothing tells it again.
    [Theory, InlineData(5), InlineData(100_000), InlineData(300_000)]
    public async Task The_end_is_noticed_when_it_came_while_nobody_read(int sent)
    {
        var wanted = 0;
        var (server, readers) = await Reader.ServerAsync(_ => Volatile.Read(ref wanted) != 0);
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        await peer.SayAsync("!");
        await Some.UntilAsync(() => reader.HeardBytes == 1, "the first byte");

        await peer.SendAsync(Some.Bytes(sent));
        peer.EndSending();
        await Some.StandsStillAsync(() => peer.Sent);
        Volatile.Write(ref wanted, 1);
        reader.Socket.ReadOn();

        await reader.Gone.SoonAsync();
        Assert.Equal([(byte)'!', .. Some.Bytes(sent)], reader.Heard);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_has_gone_before_the_socket_is_taken_is_gone_at_once(bool told)
    {
        var upgraded = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var server = await TinyServer.StartAsync(async context =>
        {
            await TinyServer.UpgradeAsync(context);
            upgraded.SetResult();
            await go.Task;
            if (told) await Some.UntilAsync(() => context.RequestAborted.IsCancellationRequested, "the end of the request");
            try
            {
                var reader = new Reader(await TinyServer.TakeAsync(context));
                reader.Socket.Start(reader);
                await reader.Gone;
            }
            catch (IOException)
            {
                // That is as good an answer.
            }
            gone.SetResult();
        });
        var peer = await Peer.ConnectAsync(server.Address);
        await peer.SayAsync(Peer.Upgrade);
        await upgraded.Task.SoonAsync();

        peer.Reset();
        go.SetResult();

        await gone.Task.SoonAsync();
    }

    [Fact]
    public async Task Who_resets_is_gone_and_cannot_be_written_to()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        var peer = await Peer.UpgradedAsync(server.Address);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);

        peer.Reset();

        await reader.Gone.SoonAsync();
        Assert.Throws<IOException>(() => reader.Socket.Send("late"u8));
        reader.Socket.ReadOn();
        reader.Socket.Cut();
        reader.Socket.Dispose();
    }

    [Fact]
    public async Task A_socket_that_is_closed_still_sends_what_it_has_taken()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address, receiveBuffer: 2048);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
        var said = Some.Bytes(20_000);

        var taken = reader.Socket.Send(said);
        reader.Socket.Dispose();

        await reader.Gone.SoonAsync();
        Assert.Equal(said[..taken], await peer.AllAsync());
    }

    [Fact]
    public async Task A_socket_that_is_cut_ends_both_sides_at_once()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        using var peer = await Peer.UpgradedAsync(server.Address);
        var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);

        reader.Socket.Cut();

        await reader.Gone.SoonAsync();
        try
        {
            Assert.Empty(await peer.AllAsync());
        }
        catch (SocketException reset)
        {
            Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        }
    }

    // Closing, cutting, writing and the other side's end, all at once: it ends once, and nothing fails.
    [Fact]
    public async Task However_many_end_it_together_it_ends_once()
    {
        var (server, readers) = await Reader.ServerAsync();
        await using var _ = server;
        for (var i = 0; i < 100; i++)
        {
            var peer = await Peer.UpgradedAsync(server.Address);
            var reader = await readers.ReadAsync(TestContext.Current.CancellationToken);
            Parallel.Invoke(
                reader.Socket.Cut, reader.Socket.Dispose, reader.Socket.ReadOn, peer.Reset, () => reader.Say(new byte[1000]));
            await reader.Gone.SoonAsync();
        }
    }
}
