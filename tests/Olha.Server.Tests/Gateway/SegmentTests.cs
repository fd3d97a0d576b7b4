using System.Text;
using Olha.Protocol;

namespace Olha.Server.Tests.Gateway;

/// <summary>Frames do not come as they were sent: several together, or one in pieces. Over TLS and without.</summary>
[Trait(ChatServer.Inside, "yes")]
public sealed class SegmentTests(BothTransports both) : IClassFixture<BothTransports>
{
    public static TheoryData<bool> Tls => BothTransports.Tls;

    static byte[] Frame(string text) => RawSocket.Frame(RawSocket.Text, Encoding.UTF8.GetBytes(text));

    static byte[] Post(long roomId, string cid, string body) =>
        Frame($$"""{"type":"post","roomId":{{roomId}},"cid":"{{cid}}","body":"{{body}}"}""");

    [Theory, MemberData(nameof(Tls))]
    public async Task A_socket_says_hello_is_welcomed_posts_and_takes_its_leave(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var socket = await RawSocket.WelcomedAsync(both.Address(tls), ana);

        await socket.SendRawAsync(Post(room.RoomId, "a", "olá"));
        Assert.Equal("a", (await socket.HearAsync("ack")).GetProperty("cid").GetString());
        Assert.Equal("olá", await socket.HearTextAsync());

        await socket.SendAsync(RawSocket.CloseFrame, [0x03, 0xe8]);
        Assert.Equal((CloseCode)1000, await socket.ClosedAsync());
        await socket.EndedAsync();
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task A_session_that_ends_closes_its_socket(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        await using var socket = await RawSocket.WelcomedAsync(both.Address(tls), ana);

        await ana.DoneAsync(HttpMethod.Delete, "/api/v1/session");

        Assert.Equal(4501, (await socket.HearAsync("bye")).GetProperty("code").GetInt32());
        Assert.Equal(CloseCode.SessionEnded, await socket.ClosedAsync());
        await socket.SendAsync(RawSocket.CloseFrame, [0x11, 0x95]);
        await socket.EndedAsync();
    }

    // A client need not wait for the welcome, and what it says then is its last word for a while.
    [Theory, MemberData(nameof(Tls))]
    public async Task What_came_together_with_hello_is_heard(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var socket = await RawSocket.ClientAsync(both.Address(tls), ana);

        await socket.SendRawAsync([.. Frame("""{"type":"hello"}"""), .. Post(room.RoomId, "a", "one"), .. Post(room.RoomId, "b", "two")]);

        Assert.Equal("a", (await socket.HearAsync("ack")).GetProperty("cid").GetString());
        Assert.Equal("b", (await socket.HearAsync("ack")).GetProperty("cid").GetString());
    }

    // More than may be under way at once: reading pauses, and the rest waits its turn although nothing comes behind it.
    [Theory, MemberData(nameof(Tls))]
    public async Task Thousands_of_posts_in_one_go_are_all_stored_in_order(bool tls)
    {
        const int Count = 3000;
        var ana = await both.Server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var socket = await RawSocket.WelcomedAsync(both.Address(tls), ana);

        await socket.SendRawAsync([.. Enumerable.Range(0, Count).SelectMany(i => Post(room.RoomId, $"p{i}", $"{i}"))]);

        var first = (await socket.HearAsync("ack")).GetProperty("seq").GetInt64();
        for (var i = 1; i < Count; i++)
        {
            var ack = await socket.HearAsync("ack");
            Assert.Equal(($"p{i}", first + i), (ack.GetProperty("cid").GetString(), ack.GetProperty("seq").GetInt64()));
        }
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task A_frame_is_read_wherever_it_is_cut(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var socket = await RawSocket.WelcomedAsync(both.Address(tls), ana);
        var length = Post(room.RoomId, "c000", "ç").Length;

        for (var cut = 0; cut <= length; cut++)
        {
            var frame = Post(room.RoomId, $"c{cut:d3}", "ç");
            await socket.SendRawAsync(frame[..cut]);
            await socket.SendRawAsync(frame[cut..]);
            Assert.Equal($"c{cut:d3}", (await socket.HearAsync("ack")).GetProperty("cid").GetString());
        }
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task A_frame_of_exactly_64_KiB_is_read_and_one_byte_more_is_too_big(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var socket = await RawSocket.WelcomedAsync(both.Address(tls), ana);
        string Text(int length) =>
            $$"""{"type":"post","roomId":{{room.RoomId}},"cid":"big","body":"{{new string('x', length)}}"}""";
        var rest = 64 * 1024 - Text(0).Length;

        await socket.SendRawAsync(Frame(Text(rest)));
        Assert.Equal(rest, (await socket.HearTextAsync()).Length);

        await socket.SendRawAsync(Frame(Text(rest + 1)));
        Assert.Equal(CloseCode.TooBig, await socket.ClosedAsync());
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task Control_frames_between_fragments_are_answered_and_disturb_nothing(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        var room = await ana.CreateRoomAsync();
        await using var socket = await RawSocket.WelcomedAsync(both.Address(tls), ana);
        var text = Encoding.UTF8.GetBytes($$"""{"type":"post","roomId":{{room.RoomId}},"cid":"f","body":"{{new string('ç', 500)}}"}""");
        List<byte> wire = [.. RawSocket.Frame(RawSocket.Text, [], final: false)];
        foreach (var part in text.Chunk(33))
            wire.AddRange([
                .. RawSocket.Frame(RawSocket.Continuation, part, final: false), .. RawSocket.Frame(RawSocket.Ping, part),
                .. RawSocket.Frame(RawSocket.Pong, [])]);
        wire.AddRange(RawSocket.Frame(RawSocket.Continuation, []));

        await socket.SendRawAsync([.. wire]);

        var pongs = new List<byte>();
        while (pongs.Count < text.Length)
            if (await socket.ReadAsync() is var (opcode, payload) && opcode == RawSocket.Pong) pongs.AddRange(payload);
        Assert.Equal(text, pongs);
        Assert.Equal(new string('ç', 500), await socket.HearTextAsync());
    }

    [Theory, MemberData(nameof(Tls))]
    public async Task Who_ends_only_their_sending_side_has_ended(bool tls)
    {
        var ana = await both.Server.SignUpAsync();
        var (socket, connection) = await both.SlowAsync(ana, tls);
        await using var _ = socket;

        socket.EndSending();

        await BothTransports.UntilAsync(() => !both.Hub.Connections.Contains(connection), "its end");
        Assert.Null(await socket.ClosedAsync());
    }
}
