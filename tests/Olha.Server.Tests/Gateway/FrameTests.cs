using System.Text;
using Olha.Protocol;

namespace Olha.Server.Tests.Gateway;

/// <summary>Frames as bytes: sizes, fragments, encodings, and what is not spoken here.</summary>
public sealed class FrameTests(ChatServer server) : IClassFixture<ChatServer>
{
    const int MaxBytes = 64 * 1024;

    static string Post(string body) => $$"""{"type":"post","roomId":1,"cid":"{{Guid.NewGuid():N}}","body":"{{body}}"}""";

    public static TheoryData<bool> BothDoors => [true, false];

    Task<RawSocket> OpenAsync(Guest guest, bool v1) =>
        v1 ? RawSocket.WelcomedAsync(server.Address, guest) : RawSocket.OriginalAsync(server.Address, guest);

    [Theory, MemberData(nameof(BothDoors))]
    public async Task A_binary_frame_closes_1003(bool v1)
    {
        await using var socket = await OpenAsync(await server.SignUpAsync(), v1);

        await socket.SendAsync(RawSocket.Binary, [1, 2, 3]);

        Assert.Equal(CloseCode.Binary, await socket.ClosedAsync());
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task Invalid_utf8_closes_1007(bool v1)
    {
        await using var socket = await OpenAsync(await server.SignUpAsync(), v1);

        await socket.SendAsync(RawSocket.Text, [0x22, 0xc3, 0x28, 0x22]);

        Assert.Equal(CloseCode.InvalidUtf8, await socket.ClosedAsync());
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task A_frame_over_64_KiB_closes_1009(bool v1)
    {
        await using var socket = await OpenAsync(await server.SignUpAsync(), v1);

        await socket.SendAsync(RawSocket.Text, Encoding.UTF8.GetBytes(new string('x', MaxBytes + 1)));

        Assert.Equal(CloseCode.TooBig, await socket.ClosedAsync());
    }

    [Theory, MemberData(nameof(BothDoors))]
    public async Task The_limit_counts_over_all_fragments(bool v1)
    {
        await using var socket = await OpenAsync(await server.SignUpAsync(), v1);
        var part = Encoding.UTF8.GetBytes(new string('x', MaxBytes / 4));

        await socket.SendAsync(RawSocket.Text, part, final: false);
        for (var i = 0; i < 3; i++) await socket.SendAsync(RawSocket.Continuation, part, final: false);
        await socket.SendAsync(RawSocket.Continuation, part);

        Assert.Equal(CloseCode.TooBig, await socket.ClosedAsync());
    }

    [Fact]
    public async Task A_frame_of_exactly_64_KiB_is_read()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());
        var frame = Post("");
        frame = Post(new string('x', MaxBytes - Encoding.UTF8.GetByteCount(frame)));

        await socket.SayAsync(frame);

        Assert.Equal("too_long", (await socket.HearAsync("refused")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Fragments_are_put_together_also_through_the_middle_of_a_character_and_around_a_ping()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());
        var bytes = Encoding.UTF8.GetBytes(Post("olá ç 👋"));

        await socket.SendAsync(RawSocket.Text, bytes[..^9], final: false);
        await socket.SendAsync(RawSocket.Ping, "hi"u8.ToArray());
        await socket.SendAsync(RawSocket.Continuation, bytes[^9..^4], final: false);
        await socket.SendAsync(RawSocket.Continuation, bytes[^4..]);

        Assert.Equal("olá ç 👋", await socket.HearTextAsync());
    }

    [Theory]
    [InlineData("""{"type":"nope"}""", "nope", "unknown_type")]
    [InlineData("""{"kind":"post"}""", "", "unknown_type")]
    [InlineData("""{"type":"post","roomId":"1","cid":"a","body":"b"}""", "post", "invalid_field")]
    [InlineData("""{"type":"post","roomId":1,"cid":5,"body":"b"}""", "post", "invalid_field")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a","body":{}}""", "post", "invalid_field")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a"}""", "post", "invalid_field")]
    [InlineData("""{"type":"post","roomId":1,"body":"b"}""", "post", "invalid_cid")]
    [InlineData("""{"type":"post","cid":"a","body":"b"}""", "post", "not_found")]
    [InlineData("""{"type":"post","roomId":1e99,"cid":"a","body":"b"}""", "post", "invalid_field")]
    [InlineData("""{"type":"post","roomId":99999999,"cid":"a","body":"b"}""", "post", "not_found")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a b","body":"b"}""", "post", "invalid_cid")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a","body":"\ud800"}""", "post", "invalid_field")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a","body":"a\u0000b"}""", "post", "invalid_text")]
    [InlineData("""{"type":"post","roomId":1,"cid":"a","body":"  \n "}""", "post", "empty_text")]
    [InlineData("""{"type":"read","roomId":1}""", "read", "invalid_field")]
    [InlineData("""{"type":"read","roomId":1,"mark":-1,"replaces":0}""", "read", "invalid_mark")]
    [InlineData("""{"type":"read","roomId":99999999,"mark":1,"replaces":0}""", "read", "not_found")]
    [InlineData("""{"type":"typing","roomId":99999999}""", "typing", "not_found")]
    [InlineData("[]", "", "invalid_field")]
    [InlineData("7", "", "invalid_field")]
    [InlineData("null", "", "invalid_field")]
    public async Task An_unsound_frame_is_refused_with_a_code_and_the_socket_stays(string frame, string of, string code)
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SayAsync(frame);

        var refused = await socket.HearAsync("refused");
        Assert.Equal((of, code), (refused.GetProperty("of").GetString(), refused.GetProperty("code").GetString()));
        Assert.NotEmpty(refused.GetProperty("detail").GetString()!);
        await socket.SayAsync(Post("still here"));
        Assert.Equal("still here", await socket.HearTextAsync());
    }

    [Fact]
    public async Task What_is_no_json_closes_4500_after_hello_too()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SayAsync("{oops");

        Assert.Equal(CloseCode.Protocol, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Json_that_is_too_deep_is_no_danger()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SayAsync($$"""{"type":"post","roomId":1,"cid":"a","body":{{new string('[', 5000)}}{{new string(']', 5000)}}}""");

        // Refused or closed, as it pleases; the server lives.
        Assert.NotNull(await socket.ReadAsync());
        await using var other = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());
        Assert.Equal(101, other.Status);
    }

    [Fact]
    public async Task A_closing_client_gets_its_answer()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SendAsync(RawSocket.CloseFrame, [0x03, 0xe8]);

        Assert.Equal((CloseCode)1000, await socket.ClosedAsync());
    }

    [Fact]
    public async Task A_half_sent_frame_and_a_cut_are_no_danger()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());
            await socket.SendAsync(RawSocket.Text, "{\"type\":\"po"u8.ToArray(), final: false);
        }
        await using var after = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());
        Assert.Equal(101, after.Status);
    }

    public static TheoryData<byte[]> BrokenFrames => new(
        [0xC1, 0x80, 0, 0, 0, 0],                     // a reserved bit
        [0x83, 0x80, 0, 0, 0, 0],                     // an unknown opcode
        [0x8B, 0x80, 0, 0, 0, 0],                     // an unknown control opcode
        [0x81, 0x02, (byte)'h', (byte)'i'],           // not masked
        [0x80, 0x80, 0, 0, 0, 0],                     // a continuation of nothing
        [0x09, 0x80, 0, 0, 0, 0],                     // a fragmented ping
        [0x89, 0xFE, 0, 126, 0, 0, 0, 0],             // a ping that is too long
        [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], // a negative length
        [0x01, 0x81, 0, 0, 0, 0, (byte)'a', 0x81, 0x81, 0, 0, 0, 0, (byte)'b'], // a text within a fragmented text
        [0x88, 0x81, 0, 0, 0, 0, 3],                  // a close with half a code
        [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED]);        // a close with 1005

    [Theory, MemberData(nameof(BrokenFrames))]
    public async Task Frames_that_are_put_together_wrongly_close_1002(byte[] wire)
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SendRawAsync(wire);

        Assert.Equal(CloseCode.Framing, await socket.ClosedAsync());
    }

    [Fact]
    public async Task A_frame_that_only_claims_to_be_huge_closes_1009_at_once()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SendRawAsync([0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);

        Assert.Equal(CloseCode.TooBig, await socket.ClosedAsync());
    }

    // Its length and what was gathered before it made a sum that overflowed: an error in the log, and a cut instead of a close.
    [Theory, MemberData(nameof(BothDoors))]
    public async Task A_fragment_that_claims_to_be_huge_closes_1009_as_well(bool v1)
    {
        await using var socket = await OpenAsync(await server.SignUpAsync(), v1);

        await socket.SendRawAsync([0x01, 0x81, 0, 0, 0, 0, (byte)'a', 0x80, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);

        Assert.Equal(CloseCode.TooBig, await socket.ClosedAsync());
    }

    [Fact]
    public async Task Masked_frames_are_read_byte_by_byte_and_many_at_once()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());
        byte[] key = [0x12, 0x34, 0x56, 0x78];
        byte[] Masked(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var i = 0; i < bytes.Length; i++) bytes[i] ^= key[i & 3];
            return [0x81, 0xFE, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. key, .. bytes];
        }

        foreach (var one in Masked(Post(new string('s', 77) + "slow ç"))) await socket.SendRawAsync([one]);
        await socket.SendRawAsync([.. Masked(Post(new string('x', 100) + "1")), .. Masked(Post(new string('x', 101) + "2"))]);

        Assert.EndsWith("slow ç", await socket.HearTextAsync());
        Assert.EndsWith("1", await socket.HearTextAsync());
        Assert.EndsWith("2", await socket.HearTextAsync());
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_own_payload()
    {
        await using var socket = await RawSocket.WelcomedAsync(server.Address, await server.SignUpAsync());

        await socket.SendAsync(RawSocket.Ping, "ola"u8.ToArray());

        while (true)
            if (await socket.ReadAsync() is (RawSocket.Pong, var payload))
            {
                Assert.Equal("ola"u8.ToArray(), payload);
                return;
            }
    }
}
