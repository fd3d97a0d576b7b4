using System.Text;

namespace Olha.Proof.Tests.Conformance;

/// <summary>Section 6: UTF-8. What is unsound is sent as it is in the suite, byte for byte: 1007 must come before anybody looks at what the
/// text says. What is sound stands behind the case's number, in a text that this door takes.</summary>
internal static class Utf8Cases
{
    static byte[] Greek => Encoding.UTF8.GetBytes(Utf8Sequences.Greek);

    public static IEnumerable<Case> All =>
    [
        new("6.1.1", PayloadsHere, static talk => PayloadCases.NothingAsync(talk, new RawFrame(RawFrame.Text, default))),
        new("6.1.2", PayloadsHere, static talk => PayloadCases.NothingAsync(talk, RawFrame.Fragments(default, 0, 0))),
        new("6.1.3", "the middle one of three fragments comes back", static async talk =>
        {
            var said = talk.Say("middle frame payload");
            await EchoAsync(talk, said, RawFrame.Fragments(said.Payload, 0, said.Payload.Length));
        }),
        new("6.2.1", "comes back", static talk => EchoAsync(talk, "Hello-µ@ßöäüàá-UTF-8!!", static said => RawFrame.Fragments(said.Payload))),
        new("6.2.2", "comes back", static talk => EchoAsync(
            talk, "Hello-µ@ßöäüàá-UTF-8!!", static said => RawFrame.Fragments(said.Payload, said.At + Encoding.UTF8.GetByteCount("Hello-µ@ßöä")))),
        new("6.2.3", "comes back", static talk => EchoAsync(talk, "Hello-µ@ßöäüàá-UTF-8!!", static said => RawFrame.FragmentsOf(1, said.Payload))),
        new("6.2.4", "comes back", static talk => EchoAsync(talk, Utf8Sequences.Greek, static said => RawFrame.FragmentsOf(1, said.Payload))),
        new("6.3.1", "1007", static talk => UnsoundAsync(talk, [.. Greek, 0xed, 0xa0, 0x80, .. "edited"u8])),
        new("6.3.2", "1007", static async talk =>
        {
            await talk.SendAsync(RawFrame.FragmentsOf(1, (byte[])[.. Greek, 0xed, 0xa0, 0x80, .. "edited"u8]));
            await talk.FailsAsync(1007);
        }),
        new("6.4.1", FailFast, static talk => FailsFastAsync(talk, Greek, [0xf4, 0x90, 0x80, 0x80])),
        new("6.4.2", FailFast, static talk => FailsFastAsync(talk, [.. Greek, 0xf4], [0x90])),
        new("6.4.3", FailFast, static talk => FailsFastInFrameAsync(talk, Greek, [0xf4, 0x90, 0x80, 0x80])),
        new("6.4.4", FailFast, static talk => FailsFastInFrameAsync(talk, [.. Greek, 0xf4], [0x90])),
        .. Utf8Sequences.All.SelectMany(static (group, i) => group.Select((bytes, j) => Sequence($"6.{i + 5}.{j + 1}", bytes))),
    ];

    const string PayloadsHere = "no JSON at the v1 door: 4500; nothing said at the original's";
    const string FailFast = "1007 as soon as the bytes cannot become a text, before the rest is sent";

    static Case Sequence(string number, byte[] bytes)
    {
        string text;
        try { text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes); }
        catch (DecoderFallbackException) { return new(number, "1007", talk => UnsoundAsync(talk, bytes)); }

        // Sound in a frame, but a message cannot be shown that holds them: refused, and the connection stays.
        return text.Any(char.IsControl)
            ? new(number, "refused as invalid_text", talk => RefusedAsync(talk, text))
            : new(number, "comes back", talk => EchoAsync(talk, text, static said => RawFrame.Fragments(said.Payload)));
    }

    static async Task UnsoundAsync(Talk talk, byte[] bytes)
    {
        await talk.SendAsync(new RawFrame(RawFrame.Text, bytes));
        await talk.FailsAsync(1007);
    }

    static async Task RefusedAsync(Talk talk, string text)
    {
        // A mark behind it: the original's door trims what it hears.
        var said = talk.Say(text + ".");
        await talk.SayAsync(said);
        await talk.HearAsync("refused invalid_text");
        await talk.StillWorksAsync();
        await talk.NobodyHeardAsync(said);
    }

    static Task EchoAsync(Talk talk, string text, Func<Said, RawFrame[]> cut)
    {
        var said = talk.Say(text);
        return EchoAsync(talk, said, cut(said));
    }

    static async Task EchoAsync(Talk talk, Said said, RawFrame[] frames)
    {
        await talk.SendAsync(frames);
        await talk.HearAsync(said.Echo);
        await talk.StillWorksAsync();
    }

    // The ping tells that the first part was taken: the suite waits a second for it.
    static async Task FailsFastAsync(Talk talk, byte[] sound, byte[] unsound)
    {
        await talk.SendAsync(new RawFrame(RawFrame.Text, sound, Final: false), new RawFrame(RawFrame.Ping, default));
        await talk.HearAsync(Talk.Pong([]));
        await talk.SendAsync(new RawFrame(RawFrame.Continuation, unsound, Final: false));
        await talk.FailsAsync(1007);
    }

    static async Task FailsFastInFrameAsync(Talk talk, byte[] sound, byte[] unsound)
    {
        var frame = new RawFrame(RawFrame.Text, (byte[])[.. sound, .. unsound, .. "edited, and more that never comes"u8]).ToBytes();
        var head = frame.Length - ("edited, and more that never comes".Length + unsound.Length);
        await talk.SendRawAsync(frame.AsMemory(0, head));
        await talk.SendRawAsync(frame.AsMemory(head, unsound.Length), size: 1);
        await talk.FailsAsync(1007); // and its answer is the rest of the frame, which nobody reads as one
    }
}
