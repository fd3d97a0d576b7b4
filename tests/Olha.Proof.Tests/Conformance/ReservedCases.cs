namespace Olha.Proof.Tests.Conformance;

/// <summary>Sections 3 and 4: reserved bits and opcodes. Strictly the text before is to be echoed first; here that waits for a commit, which
/// the close does not, so the suite would say NON-STRICT on some days: what must hold is that it was said, once.</summary>
internal static class ReservedCases
{
    static readonly byte[] s_payload = "Hello, world!"u8.ToArray();

    public static IEnumerable<Case> All =>
    [
        new("3.1", "1002", static async talk =>
        {
            var said = talk.Say();
            await talk.SendAsync(new RawFrame(RawFrame.Text, said.Payload) { Reserved = 1 });
            await talk.FailsAsync(1002);
            await talk.NobodyHeardAsync(said);
        }),
        .. Enum.GetValues<Chop>().Select(static (chop, i) => new Case($"3.{i + 2}", "1002 after the text, no pong", talk => AfterTextAsync(
            talk, chop, text => new RawFrame(RawFrame.Text, text) { Reserved = i + 2 }))),
        new("3.5", "1002", static talk => AloneAsync(talk, new RawFrame(RawFrame.Binary, s_payload) { Reserved = 5 })),
        new("3.6", "1002, no pong", static talk => AloneAsync(talk, new RawFrame(RawFrame.Ping, s_payload) { Reserved = 6 })),
        new("3.7", "1002", static talk => AloneAsync(talk, RawFrame.Closing(1000) with { Reserved = 7 })),
        .. Opcodes(section: 1, first: 3),
        .. Opcodes(section: 2, first: 11),
    ];

    static IEnumerable<Case> Opcodes(int section, int first) =>
    [
        new($"4.{section}.1", "1002", talk => AloneAsync(talk, new RawFrame(first, default))),
        new($"4.{section}.2", "1002", talk => AloneAsync(talk, new RawFrame(first + 1, "reserved opcode payload"u8.ToArray()))),
        new($"4.{section}.3", "1002 after the text, no pong", talk => AfterTextAsync(talk, Chop.Together, _ => new RawFrame(first + 2, default))),
        new($"4.{section}.4", "1002 after the text, no pong", talk => AfterTextAsync(talk, Chop.Together, text => new RawFrame(first + 3, text))),
        new($"4.{section}.5", "1002 after the text, no pong", talk => AfterTextAsync(talk, Chop.ByOctet, text => new RawFrame(first + 4, text))),
    ];

    static async Task AloneAsync(Talk talk, RawFrame unsound)
    {
        await talk.SendAsync(unsound);
        await talk.FailsAsync(1002);
    }

    static async Task AfterTextAsync(Talk talk, Chop chop, Func<byte[], RawFrame> unsound)
    {
        var (said, unsaid) = (talk.Say(), talk.Say());
        await talk.SendAsync(chop, new RawFrame(RawFrame.Text, said.Payload), unsound(unsaid.Payload[..Math.Min(125, unsaid.Payload.Length)]), new RawFrame(RawFrame.Ping, default));
        await talk.FailsAsync(1002, said);
        await talk.NobodyHeardAsync(unsaid);
    }
}
