namespace Olha.Protocol;

/// <summary>Written by a person, or by the house.</summary>
public enum MessageKind { Text, System }

/// <summary>What a system line tells.</summary>
public enum SystemEvent { Joined, Left, Invited, Removed, Renamed, Topic, Archived, Unarchived, SlowMode, Locked, Unlocked }

/// <summary>A system line's parameters; the reader's language makes the sentence.</summary>
/// <param name="Event">What happened.</param>
/// <param name="UserId">Whom it happened to: who joined, left, was invited or removed.</param>
/// <param name="Text">The new name or topic, or the seconds of slow mode; null when a topic was cleared or slow mode turned off, and for
/// the other events.</param>
public sealed record SystemLine(SystemEvent Event, long? UserId, string? Text);

/// <summary>What was said. <see cref="Seq"/> is its place among the room's messages, <see cref="Rev"/> the room's
/// revision that gave it its present form. Revisions have no gaps: who holds 41 and hears 43 missed one change.</summary>
/// <param name="Id">Never reused.</param>
/// <param name="RoomId">The room.</param>
/// <param name="Seq">Its place, from 1 without gaps, for ever.</param>
/// <param name="Rev">The room's revision that gave it its present form.</param>
/// <param name="AuthorId">Who wrote it, or whose act a system line tells.</param>
/// <param name="Cid">The id that the author's client chose; null on system lines.</param>
/// <param name="Kind">Text or system line.</param>
/// <param name="Body">The text; null on system lines and tombstones.</param>
/// <param name="System">What a system line tells; null on texts.</param>
/// <param name="CreatedAt">When it was stored, by the server's clock. Order is <see cref="Seq"/>'s business.</param>
/// <param name="EditedAt">When it was last edited, or null.</param>
/// <param name="DeletedAt">When it became a tombstone, or null. Nothing of a tombstone changes any more.</param>
/// <param name="ReplyTo">The message that it answers, whose present form is shown with it; null: none.</param>
/// <param name="Mentions">Ids of those whom the text names, 0 for everybody in the room; null: nobody.</param>
/// <param name="Reactions">In the order in which they came; null: none.</param>
/// <param name="PinnedAt">When it was pinned, or null.</param>
/// <param name="PinnedBy">Who pinned it, or null.</param>
public sealed record Message(
    long Id, long RoomId, long Seq, long Rev, long AuthorId, string? Cid, MessageKind Kind, string? Body, SystemLine? System,
    DateTimeOffset CreatedAt, DateTimeOffset? EditedAt, DateTimeOffset? DeletedAt, ReplyTo? ReplyTo = null,
    IReadOnlyList<long>? Mentions = null, IReadOnlyList<Reaction>? Reactions = null, DateTimeOffset? PinnedAt = null,
    long? PinnedBy = null);

/// <summary>Which message another one answers.</summary>
/// <param name="Seq">Its place in the same room.</param>
/// <param name="AuthorId">Who wrote it.</param>
public sealed record ReplyTo(long Seq, long AuthorId);

/// <summary>An emoji under a message, and who put it there.</summary>
/// <param name="Emoji">One emoji, as Unicode spells it.</param>
/// <param name="UserIds">In the order in which they came; never empty.</param>
public sealed record Reaction(string Emoji, IReadOnlyList<long> UserIds);

/// <summary>A body that was replaced by an edit.</summary>
/// <param name="Body">The text.</param>
/// <param name="At">When it was written.</param>
public sealed record FormerBody(string Body, DateTimeOffset At);
