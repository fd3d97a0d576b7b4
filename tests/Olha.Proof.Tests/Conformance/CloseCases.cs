namespace Olha.Proof.Tests.Conformance;

/// <summary>Section 7: how a connection is closed. The code that was sent is answered; what comes after it is not heard.</summary>
internal static class CloseCases
{
    static readonly int[] s_valid = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
    static readonly int[] s_invalid = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];

    public static IEnumerable<Case> All =>
    [
        new("7.1.1", "the text comes back, then the close", static async talk =>
        {
            var said = talk.Say("Hello World!");
            await talk.SayAsync(said);
            await talk.HearAsync(said.Echo);
            await ClosesAsync(talk, 1000, RawFrame.Closing(1000));
        }),
        new("7.1.2", "one answer to two closes", static talk => ClosesAsync(talk, 1000, RawFrame.Closing(1000), RawFrame.Closing(1000))),
        new("7.1.3", "no pong after the close", static talk => ClosesAsync(talk, 1000, RawFrame.Closing(1000), new RawFrame(RawFrame.Ping, default))),
        new("7.1.4", "a text after the close is nobody's", static async talk =>
        {
            var unsaid = talk.Say("Hello World!");
            await ClosesAsync(talk, 1000, RawFrame.Closing(1000), new RawFrame(RawFrame.Text, unsaid.Payload));
            await talk.NobodyHeardAsync(unsaid);
        }),
        new("7.1.5", "a close between fragments closes; the text is nobody's", static async talk =>
        {
            var unsaid = talk.Say("fragment1fragment2");
            var halves = RawFrame.Fragments(unsaid.Payload, unsaid.At + 9);
            await ClosesAsync(talk, 1000, halves[0], RawFrame.Closing(1000), halves[1]);
            await talk.NobodyHeardAsync(unsaid);
        }),
        new("7.1.6", "1009 for 256 KiB (the suite takes any answer); nothing after it is heard", static async talk =>
        {
            var (large, unsaid) = (talk.SayBytes(256 * 1024), talk.Say("Hello World!"));
            await talk.SendAsync(
                new RawFrame(RawFrame.Text, large.Payload), new RawFrame(RawFrame.Text, unsaid.Payload), RawFrame.Closing(1000),
                new RawFrame(RawFrame.Ping, default));
            await talk.FailsAsync(1009);
            await talk.NobodyHeardAsync(unsaid);
        }),

        new("7.3.1", "a close without a code is answered without one", static async talk =>
        {
            await talk.SendAsync(new RawFrame(RawFrame.Close, default));
            await talk.HearAsync("close", "end");
        }),
        new("7.3.2", "1002: half a code", static talk => UnsoundAsync(talk, 1002, new RawFrame(RawFrame.Close, "a"u8.ToArray()))),
        new("7.3.3", "the code", static talk => ClosesAsync(talk, 1000, RawFrame.Closing(1000))),
        new("7.3.4", "the code", static talk => ClosesAsync(talk, 1000, RawFrame.Closing(1000, "Hello World!"u8))),
        new("7.3.5", "the code", static talk => ClosesAsync(talk, 1000, RawFrame.Closing(1000, Stars(123)))),
        new("7.3.6", "1002: too long for a control frame", static talk => UnsoundAsync(talk, 1002, RawFrame.Closing(1000, Stars(124)))),
        new("7.5.1", "1007: the reason is no UTF-8", static talk =>
            UnsoundAsync(talk, 1007, RawFrame.Closing(1000, [.. "a reason"u8, 0xed, 0xa0, 0x80, .. "edited"u8]))),

        .. s_valid.Select(static (code, i) => new Case($"7.7.{i + 1}", $"{code}", talk => ClosesAsync(talk, code, RawFrame.Closing(code)))),
        .. s_invalid.Select(static (code, i) => new Case($"7.9.{i + 1}", $"1002: {code} must not be sent", talk => UnsoundAsync(talk, 1002, RawFrame.Closing(code)))),
        new("7.13.1", "1002 for 5000, which nobody defines", static talk => UnsoundAsync(talk, 1002, RawFrame.Closing(5000))),
        new("7.13.2", "1002 for 65535, which nobody defines", static talk => UnsoundAsync(talk, 1002, RawFrame.Closing(65535))),
    ];

    static byte[] Stars(int count) => [.. Enumerable.Repeat((byte)'*', count)];

    static async Task ClosesAsync(Talk talk, int code, params RawFrame[] frames)
    {
        await talk.SendAsync(frames);
        await talk.ClosesAsync(code);
    }

    static async Task UnsoundAsync(Talk talk, int code, RawFrame close)
    {
        await talk.SendAsync(close);
        await talk.FailsAsync(code);
    }
}
