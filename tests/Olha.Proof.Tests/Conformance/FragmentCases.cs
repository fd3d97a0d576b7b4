namespace Olha.Proof.Tests.Conformance;

/// <summary>Section 5: fragments, and what may stand between them.</summary>
internal static class FragmentCases
{
    static readonly byte[] s_ping = "ping payload"u8.ToArray();

    public static IEnumerable<Case> All =>
    [
        new("5.1", "1002: a ping has no fragments", static talk => ControlAsync(talk, RawFrame.Ping)),
        new("5.2", "1002: a pong has no fragments", static talk => ControlAsync(talk, RawFrame.Pong)),
        .. ThreeChops(3, "comes back whole", static (talk, chop) => TwoFragmentsAsync(talk, chop, [])),
        .. ThreeChops(6, "a pong, then the text comes back whole", static (talk, chop) => TwoFragmentsAsync(talk, chop, s_ping)),
        .. ThreeChops(9, "1002: there is nothing to continue", static (talk, chop) => NothingToContinueAsync(talk, chop, final: true)),
        .. ThreeChops(12, "1002: there is nothing to continue", static (talk, chop) => NothingToContinueAsync(talk, chop, final: false)),
        new("5.15", "1002 after the text of two fragments: there is nothing more to continue", static async talk =>
        {
            var (said, unsaid) = (Two(talk), talk.Say());
            await talk.SendAsync([.. Halves(said), new(RawFrame.Continuation, "fragment3"u8.ToArray(), Final: false), new(RawFrame.Text, unsaid.Payload)]);
            await talk.FailsAsync(1002, said);
            await talk.NobodyHeardAsync(unsaid);
        }),
        new("5.16", "1002: there is nothing to continue", static talk => TwiceAsync(talk, final: false)),
        new("5.17", "1002: there is nothing to continue", static talk => TwiceAsync(talk, final: true)),
        new("5.18", "1002: a text inside of a text", static async talk =>
        {
            var said = Two(talk);
            await talk.SendAsync(Halves(said)[0], Halves(said)[1] with { Opcode = RawFrame.Text });
            await talk.FailsAsync(1002);
            await talk.NobodyHeardAsync(said);
        }),
        new("5.19", "the first pong before the text goes on, the second before it comes back", static talk => FiveAsync(talk, wait: true)),
        new("5.20", "the same without a wait, frame by frame", static talk => FiveAsync(talk, wait: false)),
    ];

    // The suite sends each of these in one write, frame by frame and octet by octet.
    static IEnumerable<Case> ThreeChops(int first, string here, Func<Talk, Chop, Task> run) =>
        Enum.GetValues<Chop>().Select((chop, i) => new Case($"5.{first + i}", here, talk => run(talk, chop)));

    static Said Two(Talk talk) => talk.Say("fragment1fragment2");

    static RawFrame[] Halves(Said said) => RawFrame.Fragments(said.Payload, said.At + "fragment1".Length);

    static async Task ControlAsync(Talk talk, int opcode)
    {
        await talk.SendAsync(new RawFrame(opcode, "fragment1"u8.ToArray(), Final: false), new RawFrame(RawFrame.Continuation, "fragment2"u8.ToArray()));
        await talk.FailsAsync(1002);
    }

    static async Task TwoFragmentsAsync(Talk talk, Chop chop, byte[] ping)
    {
        var said = Two(talk);
        var halves = Halves(said);
        await talk.SendAsync(chop, ping.Length == 0 ? halves : [halves[0], new RawFrame(RawFrame.Ping, ping), halves[1]]);
        await talk.HearAsync(ping.Length == 0 ? [said.Echo] : [Talk.Pong(ping), said.Echo]);
        await talk.StillWorksAsync();
    }

    static async Task NothingToContinueAsync(Talk talk, Chop chop, bool final)
    {
        var (nothing, unsaid) = (talk.Say("non-continuation payload"), talk.Say());
        await talk.SendAsync(chop, new RawFrame(RawFrame.Continuation, nothing.Payload, final), new RawFrame(RawFrame.Text, unsaid.Payload));
        await talk.FailsAsync(1002);
        await talk.NobodyHeardAsync(nothing);
        await talk.NobodyHeardAsync(unsaid);
    }

    static async Task TwiceAsync(Talk talk, bool final)
    {
        var (first, second) = (Two(talk), Two(talk));
        var stray = new RawFrame(RawFrame.Continuation, "fragment1"u8.ToArray(), final);
        await talk.SendAsync([stray, .. Halves(first), stray, .. Halves(second)]);
        await talk.FailsAsync(1002);
        await talk.NobodyHeardAsync(first);
    }

    static async Task FiveAsync(Talk talk, bool wait)
    {
        var said = talk.Say("fragment1fragment2fragment3fragment4fragment5");
        var parts = RawFrame.Fragments(said.Payload, said.At + 9, said.At + 18, said.At + 27, said.At + 36);
        RawFrame first = new(RawFrame.Ping, "pongme 1!"u8.ToArray()), second = new(RawFrame.Ping, "pongme 2!"u8.ToArray());
        await talk.SendAsync(Chop.ByFrame, parts[0], parts[1], first);
        if (wait) await talk.HearAsync(Talk.Pong(first.Payload.Span));
        await talk.SendAsync(Chop.ByFrame, parts[2], parts[3], second, parts[4]);
        if (!wait) await talk.HearAsync(Talk.Pong(first.Payload.Span));
        await talk.HearAsync(Talk.Pong(second.Payload.Span), said.Echo);
        await talk.StillWorksAsync();
    }
}
