using System.Text;

namespace Olha.Proof.Tests.Conformance;

/// <summary>The opening handshake at both doors (RFC 6455, 4), and what comes in one packet with it: it is somebody's exactly once.</summary>
public sealed class HandshakeTests(ConformanceServer server) : IClassFixture<ConformanceServer>
{
    const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is not taken as it is: a header's name and its value, or null where it is missing.</summary>
    public static TheoryData<string, string?> Unsound => new()
    {
        { "Sec-WebSocket-Key", null }, { "Sec-WebSocket-Key", "" }, { "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j" },
        { "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZTE=" }, { "Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!==" }, { "Sec-WebSocket-Key", $"{Key}, {Key}" },
        { "Sec-WebSocket-Key", $"{Key}\r\nSec-WebSocket-Key: {Key}" },
        { "Sec-WebSocket-Version", null }, { "Sec-WebSocket-Version", "8" }, { "Sec-WebSocket-Version", "12" }, { "Sec-WebSocket-Version", "14" },
        { "Sec-WebSocket-Version", "013" }, { "Sec-WebSocket-Version", "13, 8" }, { "Sec-WebSocket-Version", "8\r\nSec-WebSocket-Version: 13" },
        { "Upgrade", null }, { "Upgrade", "websockets" }, { "Upgrade", "h2c" }, { "Connection", null }, { "Connection", "keep-alive" }, { "Connection", "upgraded" },
    };

    public static TheoryData<string> BothDoors => [nameof(Door.Socket), nameof(Door.Original)];

    public static TheoryData<int> Packets => [1, 3, 64, 150, int.MaxValue];

    [Theory, MemberData(nameof(BothDoors))]
    public async Task A_sound_handshake_is_answered_as_the_RFC_says(string door)
    {
        foreach (var (name, value) in ((string, string)[])[("Upgrade", "WebSocket"), ("Connection", "keep-alive, upgrade"), ("Connection", "UPGRADE")])
        {
            await using var socket = await OpenAsync(door, ("Sec-WebSocket-Key", Key), (name, value));
            Assert.Equal(101, socket.Answer.Status);
            Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", socket.Answer["Sec-WebSocket-Accept"]); // the RFC's own example
            Assert.Equal("websocket", socket.Answer["Upgrade"]);
            Assert.Equal("Upgrade", socket.Answer["Connection"]);
        }
    }

    [Theory, MemberData(nameof(Unsound))]
    public async Task An_unsound_handshake_is_refused_and_ends_the_connection(string name, string? value)
    {
        foreach (var door in (Door[])[Door.Socket, Door.Original])
        {
            await using var socket = await OpenAsync(door.ToString(), (name, value));
            Assert.Equal(426, socket.Answer.Status);
            Assert.Equal(("websocket", "13"), (socket.Answer["Upgrade"], socket.Answer["Sec-WebSocket-Version"]));
            Assert.Contains("Upgrade", socket.Answer["Connection"], StringComparison.Ordinal);
            Assert.Empty(await socket.Connection.ReadToEndAsync(Ct));
        }
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task Only_a_GET_of_HTTP_1_1_without_a_body_is_upgraded(string door)
    {
        foreach (var (from, to, status) in ((string, string, int)[])
        [
            ("HTTP/1.1", "HTTP/1.0", 426), ("GET ", "POST ", 405), ("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello", 426),
            ("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 426),
        ])
        {
            var request = Encoding.Latin1.GetString(Request(door)).Replace(from, to, StringComparison.Ordinal);
            await using var socket = await RawWebSocket.OpenAsync(server.Address, Encoding.Latin1.GetBytes(request), Ct);
            Assert.Equal(status, socket.Answer.Status);
            Assert.Empty(await socket.Connection.ReadToEndAsync(Ct));
        }
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task No_extension_is_accepted(string door)
    {
        await using var socket = await OpenAsync(door, ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame"));

        Assert.Equal(101, socket.Answer.Status);
        Assert.Null(socket.Answer["Sec-WebSocket-Extensions"]);
    }

    [Theory]
    [InlineData("olha.v1", "olha.v1")]
    [InlineData("other, olha.v1", "olha.v1")]
    [InlineData("other\r\nSec-WebSocket-Protocol: olha.v1", "olha.v1")]
    [InlineData("other", null)]
    [InlineData("OLHA.V1", null)]
    [InlineData(null, null)]
    public async Task The_subprotocol_is_the_common_one(string? offered, string? taken)
    {
        await using var v1 = await OpenAsync(nameof(Door.Socket), ("Sec-WebSocket-Protocol", offered));
        await using var original = await OpenAsync(nameof(Door.Original), ("Sec-WebSocket-Protocol", offered));

        Assert.Equal((101, taken), (v1.Answer.Status, v1.Answer["Sec-WebSocket-Protocol"]));
        Assert.Equal((101, null), (original.Answer.Status, original.Answer["Sec-WebSocket-Protocol"]));
        if (taken is null) Assert.Equal("03E8", Code(await CloseOfAsync(original)));
        if (taken is null) Assert.Equal(4504, Convert.ToInt32(Code(await CloseOfAsync(v1, say: false)), 16));
    }

    [Theory, MemberData(nameof(Packets))]
    public async Task Frames_right_behind_the_handshake_are_heard_once(int packet)
    {
        foreach (var door in (Door[])[Door.Socket, Door.Original])
        {
            var body = $"early {door} {Guid.NewGuid():N}";
            var said = door == Door.Original ? body : $$"""{"type":"post","roomId":1,"cid":"{{Guid.NewGuid():N}}","body":"{{body}}"}""";
            byte[] bytes =
            [
                .. Request(door.ToString()), .. door == Door.Original ? [] : Text("""{"type":"hello"}"""), .. Text(said),
                .. new RawFrame(RawFrame.Ping, "behind"u8.ToArray()).ToBytes(),
            ];
            await using var connection = await RawConnection.OpenAsync(server.Address, Ct);
            await connection.SendAsync(bytes, packet, Ct);

            Assert.Equal(101, (await HttpAnswer.ReadAsync(connection, Ct))?.Status);
            await connection.ReadToAsync("behind"u8.ToArray(), Ct);
            Assert.Equal(1, await server.HeardAsync(body));
        }
    }

    // It waited for the welcome, which comes to nobody who does not say hello.
    [Fact]
    public async Task A_ping_before_hello_is_answered()
    {
        await using var socket = await OpenAsync(nameof(Door.Socket));
        await socket.SendAsync(Ct, new RawFrame(RawFrame.Ping, "early"u8.ToArray()));

        var pong = await socket.ReadAsync(Ct);

        Assert.Equal((RawFrame.Pong, "6561726C79"), (pong!.Opcode, Convert.ToHexString(pong.Payload.Span)));
    }

    // More than the framework's pipe holds: some of it is read by the framework, some by the socket's next reader.
    [Theory, MemberData(nameof(BothDoors))]
    public async Task Megabytes_right_behind_the_handshake_are_all_read_in_order(string door)
    {
        const int Rounds = 24, Fill = 1000;
        var filling = Enumerable.Repeat(new RawFrame(RawFrame.Pong, new byte[120]).ToBytes(), Fill).SelectMany(static it => it).ToArray();
        var bytes = new List<byte>(Request(door));
        for (var i = 0; i < Rounds; i++) bytes.AddRange([.. filling, .. new RawFrame(RawFrame.Ping, new[] { (byte)i }).ToBytes()]);
        await using var connection = await RawConnection.OpenAsync(server.Address, Ct);
        await connection.SendAsync(bytes.ToArray(), Ct);

        Assert.Equal(101, (await HttpAnswer.ReadAsync(connection, Ct))?.Status);
        for (var i = 0; i < Rounds; i++) Assert.NotEmpty(await connection.ReadToAsync(new byte[] { 0x8A, 1, (byte)i }, Ct));
        await connection.SendAsync(RawFrame.Closing(1000).ToBytes(), Ct);
        Assert.Equal([0x88, 2, 0x03, 0xE8], (await connection.ReadToEndAsync(Ct))[^4..]);
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task A_request_behind_an_upgrade_is_no_request(string door)
    {
        var sender = new Sender(server);
        await using var socket = await RawWebSocket.OpenAsync(
            server.Address, (byte[])[.. Request(door), .. Encoding.Latin1.GetBytes(sender.Inner)], Ct);

        Assert.Equal(101, socket.Answer.Status);
        Assert.Equal("03EA", Code(await NextCloseAsync(socket)));
        Assert.Equal(0, await server.HeardAsync(sender.InnerBody));
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task What_comes_behind_a_refused_upgrade_is_neither_a_frame_nor_a_request(string door)
    {
        foreach (var (name, value, status) in ((string, string?, int)[])
            [("Cookie", null, 401), ("Origin", "http://elsewhere.example", 403), ("Sec-WebSocket-Version", "12", 426)])
        {
            var sender = new Sender(server);
            var frames = Text($$"""{"type":"post","roomId":1,"cid":"{{Guid.NewGuid():N}}","body":"{{sender.OuterBody}}"}""");
            foreach (var behind in (byte[][])[Encoding.Latin1.GetBytes(sender.Inner), [.. Text("""{"type":"hello"}"""), .. frames, .. Text(sender.OuterBody)]])
            {
                await using var socket = await RawWebSocket.OpenAsync(server.Address, (byte[])[.. Request(door, (name, value)), .. behind], Ct);
                Assert.Equal(status, socket.Answer.Status);
                Assert.Empty(await socket.Connection.ReadToEndAsync(Ct));
            }
            Assert.Equal((0, 0), await server.HeardAsync(sender.OuterBody, sender.InnerBody));
        }
    }

    byte[] Request(string door, params (string, string?)[] headers) => RawWebSocket.Request(
        server.Address, door == nameof(Door.Socket) ? "/api/v1/socket" : $"/api/ws/{server.Speaker.Id}",
        [("Cookie", $"olha_session={server.Speaker.Token}"), ("Sec-WebSocket-Protocol", door == nameof(Door.Socket) ? "olha.v1" : null), .. headers]);

    Task<RawWebSocket> OpenAsync(string door, params (string, string?)[] headers) => RawWebSocket.OpenAsync(server.Address, Request(door, headers), Ct);

    static byte[] Text(string text) => new RawFrame(RawFrame.Text, Encoding.UTF8.GetBytes(text)).ToBytes();

    static string Code(RawFrame? close) => Convert.ToHexString(close!.Payload.Span[..2]);

    static async Task<RawFrame?> CloseOfAsync(RawWebSocket socket, bool say = true)
    {
        if (say) await socket.SendAsync(Ct, RawFrame.Closing(1000));
        return await NextCloseAsync(socket);
    }

    static async Task<RawFrame?> NextCloseAsync(RawWebSocket socket)
    {
        RawFrame? frame;
        do frame = await socket.ReadAsync(Ct);
        while (frame is { Opcode: not RawFrame.Close });
        return frame;
    }
}
