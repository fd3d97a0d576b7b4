using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A post that is on its way until it is answered.</summary>
internal sealed record Wanted(int Op, Step Step, Said Said)
{
    /// <summary>Whether it is asked again after a broken connection.</summary>
    public bool Again => Step.Act == Act.Post;

    /// <summary>One more attempt, for the history.</summary>
    public Asked Asked(long now, int device, int connection) =>
        new(now, device, Op, connection, Step, Said.RoomId, Said.Cid, Said.Body, Said.ReplyToSeq);

    public Post Frame => new(Said.RoomId, Said.Cid, Said.Body, Said.ReplyToSeq);

    /// <summary>What a step means to post.</summary>
    /// <param name="step">A post, a repeat or a contradiction.</param>
    /// <param name="device">Whose.</param>
    /// <param name="stage">Where.</param>
    /// <param name="chosen">Picks what is repeated.</param>
    /// <param name="parent">The <c>seq</c> of the message that is so many back, if the device knows it.</param>
    /// <returns>Null: there is nothing to repeat or to contradict.</returns>
    public static Wanted? Of(Step step, Device device, Stage stage, Seeded chosen, Func<long, int, long?> parent)
    {
        if (step.Act is Act.Post or Act.PostOnce)
        {
            var (roomId, op) = (stage.Rooms[step.Room], stage.History.NewOp());
            var reply = step.Target > 0 ? parent(roomId, step.Target - 1) : null;
            return new Wanted(op, step, new Said(roomId, $"d{device.Number}-{op}", step.Text!, reply));
        }
        if (stage.Acknowledged[device.Plan.Person].Pick(chosen) is not { } said) return null;
        if (step.Act == Act.Contradict) said = said with { Body = step.Text! };
        return new Wanted(stage.History.NewOp(), step, said);
    }
}
