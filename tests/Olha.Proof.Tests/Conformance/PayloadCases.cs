namespace Olha.Proof.Tests.Conformance;

/// <summary>Sections 1 and 2, and 10.1.1: payloads of all sizes, pings and pongs.</summary>
internal static class PayloadCases
{
    const int MaxBytes = 64 * 1024;

    static readonly (int Bytes, int Packet)[] s_sizes =
        [(0, 0), (125, 0), (126, 0), (127, 0), (128, 0), (MaxBytes - 1, 0), (MaxBytes, 0), (MaxBytes, 997)];

    public static IEnumerable<Case> All =>
    [
        .. s_sizes.Select(static (it, i) => new Case(
            $"1.1.{i + 1}", it.Bytes == 0 ? "no JSON at the v1 door: 4500; nothing said at the original's" : "comes back, byte for byte",
            talk => TextAsync(talk, it.Bytes, it.Packet))),
        .. s_sizes.Select(static (it, i) => new Case($"1.2.{i + 1}", "1003: there is no binary here", talk => BinaryAsync(talk, it.Bytes, it.Packet))),

        new("2.1", "a pong without payload", static talk => PingsAsync(talk, [])),
        new("2.2", "a pong with the payload", static talk => PingsAsync(talk, "Hello, world!"u8.ToArray())),
        new("2.3", "a pong with the payload, which is no text", static talk => PingsAsync(talk, [0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff])),
        new("2.4", "a pong with the payload of 125 bytes", static talk => PingsAsync(talk, Many(125))),
        new("2.5", "1002: 126 bytes are too many for a control frame", static async talk =>
        {
            await talk.SendAsync(new RawFrame(RawFrame.Ping, Many(126)));
            await talk.FailsAsync(1002);
        }),
        new("2.6", "as 2.4, octet by octet", static talk => PingsAsync(talk, Chop.ByOctet, Many(125))),
        new("2.7", "nothing: nobody asked for this pong", static talk => PongAsync(talk, [])),
        new("2.8", "nothing: nobody asked for this pong", static talk => PongAsync(talk, "unsolicited pong payload"u8.ToArray())),
        new("2.9", "nothing for the pong, a pong for the ping", static async talk =>
        {
            await talk.SendAsync(new RawFrame(RawFrame.Pong, "unsolicited pong payload"u8.ToArray()));
            await PingsAsync(talk, "ping payload"u8.ToArray());
        }),
        new("2.10", "ten pongs in order", static talk => PingsAsync(talk, Ten)),
        new("2.11", "ten pongs in order, octet by octet", static talk => PingsAsync(talk, Chop.ByOctet, Ten)),

        new("10.1.1", "64 KiB in fragments of 1300 bytes come back", static async talk =>
        {
            var said = talk.SayBytes(MaxBytes);
            await talk.SendAsync(RawFrame.FragmentsOf(1300, said.Payload));
            await talk.HearAsync(said.Echo);
            await talk.StillWorksAsync();
        }),
    ];

    static byte[][] Ten => [.. Enumerable.Range(0, 10).Select(static i => "payload-"u8.ToArray().Append((byte)('0' + i)).ToArray())];

    static byte[] Many(int count) => [.. Enumerable.Repeat((byte)0xfe, count)];

    static async Task TextAsync(Talk talk, int bytes, int packet)
    {
        if (bytes == 0)
        {
            await NothingAsync(talk, new RawFrame(RawFrame.Text, default));
            return;
        }
        var said = talk.SayBytes(bytes);
        Assert.Equal(bytes, said.Payload.Length);
        await talk.SendRawAsync(new RawFrame(RawFrame.Text, said.Payload).ToBytes(), packet == 0 ? int.MaxValue : packet);
        await talk.HearAsync(said.Echo);
        await talk.StillWorksAsync();
    }

    /// <summary>What an empty text is here, however it comes.</summary>
    public static async Task NothingAsync(Talk talk, params RawFrame[] frames)
    {
        await talk.SendAsync(frames);
        if (talk.Door == Door.Socket) await talk.FailsAsync(4500);
        else await talk.StillWorksAsync();
    }

    static async Task BinaryAsync(Talk talk, int bytes, int packet)
    {
        await talk.SendRawAsync(new RawFrame(RawFrame.Binary, Many(bytes)).ToBytes(), packet == 0 ? int.MaxValue : packet);
        await talk.FailsAsync(1003);
    }

    static Task PingsAsync(Talk talk, params byte[][] payloads) => PingsAsync(talk, Chop.Together, payloads);

    static async Task PingsAsync(Talk talk, Chop chop, params byte[][] payloads)
    {
        await talk.SendAsync(chop, [.. payloads.Select(static it => new RawFrame(RawFrame.Ping, it))]);
        await talk.HearAsync([.. payloads.Select(static it => Talk.Pong(it))]);
        await talk.StillWorksAsync();
    }

    static async Task PongAsync(Talk talk, byte[] payload)
    {
        await talk.SendAsync(new RawFrame(RawFrame.Pong, payload));
        await talk.StillWorksAsync();
    }
}
