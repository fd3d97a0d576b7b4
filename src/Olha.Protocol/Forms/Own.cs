namespace Olha.Protocol;

/// <summary>A message that a person keeps for later.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Seq">The message.</param>
/// <param name="Saved">False in a change: no longer.</param>
/// <param name="At">When it came to be so.</param>
/// <param name="Rev">The person's revision that gave this its present form.</param>
public sealed record SavedMessage(long RoomId, long Seq, bool Saved, DateTimeOffset At, long Rev);

/// <summary>What a person has begun to write in a room.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Body">The text; empty in a change: there is none any more.</param>
/// <param name="ReplyToSeq">The message that it will answer; null: none.</param>
/// <param name="At">When it was kept.</param>
/// <param name="Rev">The person's revision that gave this its present form.</param>
public sealed record RoomDraft(long RoomId, string Body, long? ReplyToSeq, DateTimeOffset At, long Rev);
