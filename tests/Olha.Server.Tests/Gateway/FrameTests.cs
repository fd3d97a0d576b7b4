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

        var message = (await socket.HearAsync("message")).GetProperty("message");
        Assert.Equal("olá ç 👋", message.GetProperty("body").GetString());
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
        Assert.Equal("still here", (await socket.HearAsync("message")).GetProperty("message").GetProperty("body").GetString());
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
}
