using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Something that a device wanted: every attempt at it and every answer, by time.</summary>
/// <param name="PersonId">Whose device it is.</param>
/// <param name="Attempts">Never empty.</param>
/// <param name="Answers">Empty when none came.</param>
internal sealed record Deed(long PersonId, IReadOnlyList<Asked> Attempts, IReadOnlyList<Answered> Answers)
{
    /// <summary>Before this time it cannot have happened.</summary>
    public long Began => Attempts[0].At;

    public int Op => Attempts[0].Op;
    public int Device => Attempts[0].Device;
    public Act Act => Attempts[0].Step.Act;
    public Step Step => Attempts[0].Step;
    public long RoomId => Attempts[0].RoomId;
    public string? Cid => Attempts[0].Cid;
    public string? Body => Attempts[0].Body;
    public long? Seq => Attempts[0].Seq;
    public long? UserId => Attempts[0].UserId;

    /// <summary>The first yes; null: there was none.</summary>
    public Answered? Yes { get; } = Answers.FirstOrDefault(static answer => answer.Outcome == Outcome.Done);

    /// <summary>By this time it had happened; never, when nobody said so.</summary>
    public long Happened => Yes?.At ?? long.MaxValue;

    /// <summary>The acknowledgement of a post; null: there was none, or the door has none.</summary>
    public Ack? Ack => Answers.FirstOrDefault(static answer => answer.Ack is not null)?.Ack;

    /// <summary>Every attempt was refused, so nothing of it may be found.</summary>
    public bool AllRefused =>
        Attempts.Count == Answers.Count && Answers.All(static answer => answer.Outcome == Outcome.Refused);

    /// <summary>The last word was a refusal.</summary>
    public bool EndsRefused => Answers is [.., { Outcome: Outcome.Refused }];

    /// <summary>A post, first said by it.</summary>
    public bool Says => Act is Act.Post or Act.PostOnce;

    /// <summary>The answer to an attempt: the next one that came before the attempt after it; null: none did.</summary>
    public Answered? AnswerTo(Asked attempt)
    {
        var until = Attempts.FirstOrDefault(other => other.At > attempt.At)?.At ?? long.MaxValue;
        return Answers.FirstOrDefault(answer => answer.At >= attempt.At && answer.At <= until);
    }
}
