namespace Olha.Protocol;

/// <summary><c>GET /api/v1/me/export</c>: everything that the server has of a person.</summary>
/// <param name="ExportedAt">When it began to be written; what changes meanwhile is in it or not.</param>
/// <param name="Profile">As everybody sees them.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="LastSeenAt">When they were last connected; null: not known.</param>
/// <param name="Sessions">Devices that are signed in.</param>
/// <param name="Tokens">Access tokens, without their secrets.</param>
/// <param name="Rooms">Every room that they are or were in.</param>
/// <param name="Saved">Messages kept for later.</param>
/// <param name="Drafts">What they have begun to write.</param>
/// <param name="Messages">What they said and did not delete, by room, in order.</param>
/// <param name="Reactions">The emoji that they put under messages.</param>
/// <param name="Reports">The messages that they reported.</param>
public sealed record OwnData(
    DateTimeOffset ExportedAt, Person Profile, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, IReadOnlyList<SessionInfo> Sessions,
    IReadOnlyList<AccessTokenInfo> Tokens, IReadOnlyList<OwnRoom> Rooms, IReadOnlyList<SavedMessage> Saved, IReadOnlyList<RoomDraft> Drafts,
    IReadOnlyList<OwnMessage> Messages, IReadOnlyList<OwnReaction> Reactions, IReadOnlyList<OwnReport> Reports);

/// <summary>A room that somebody is or was in.</summary>
/// <param name="Membership">As the room has it.</param>
/// <param name="Place">Their own place in it; null: they have left.</param>
public sealed record OwnRoom(Member Membership, Place? Place);

/// <summary>A message of one's own.</summary>
/// <param name="Message">In its present form.</param>
/// <param name="FormerBodies">Its earlier bodies, the oldest first; null: it was never edited.</param>
public sealed record OwnMessage(Message Message, IReadOnlyList<FormerBody>? FormerBodies);

/// <summary>An emoji that one put under a message.</summary>
public sealed record OwnReaction(long RoomId, long Seq, string Emoji);

/// <summary>A message that one reported.</summary>
public sealed record OwnReport(long RoomId, long Seq, string? Reason, DateTimeOffset At, DateTimeOffset? ResolvedAt);
