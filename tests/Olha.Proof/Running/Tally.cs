using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What a run really did, so that a green one can be told from an idle one.</summary>
internal sealed record Tally(
    int Acknowledged, int Repeats, int Refused, int Unknown, int Cuts, int Fresh, int Resumed, int Replays, int Behind, int GapFetches, int Frames,
    int Deliveries)
{
    public static Tally Of(Ran ran)
    {
        var entries = ran.Run.Entries;
        var opened = entries.OfType<Opened>().Where(static it => it.Hello is not null).ToArray();
        var answers = entries.OfType<Answered>().ToArray();
        var frames = entries.OfType<Heard>().ToArray();
        return new Tally(
            answers.Count(static it => it.Ack is { Duplicate: false }), answers.Count(static it => it.Ack is { Duplicate: true }),
            answers.Count(static it => it.Outcome == Outcome.Refused), answers.Count(static it => it.Outcome == Outcome.Unknown), ran.Cuts,
            opened.Count(static it => it.Hello!.Epoch is null), opened.Count(static it => it.Hello!.Epoch is not null),
            frames.Count(static it => it.Frame is RoomChanges), frames.Count(static it => it.Frame is Behind),
            entries.OfType<Fetched>().Count(static it => it.Answer is RoomChanges or StreamChanges), frames.Length,
            frames.Count(static it => it.Frame is MessageChange or OriginalFrame { Type: "Chat" }));
    }

    public override string ToString() =>
        $"{Acknowledged} posts acknowledged, {Repeats} repeats, {Refused} refused, {Unknown} unknown; {Cuts} cuts; {Fresh} fresh starts, "
        + $"{Resumed} resumes ({Replays} rooms replayed, {Behind} behind), {GapFetches} gap fetches; {Frames} frames, {Deliveries} deliveries";
}
