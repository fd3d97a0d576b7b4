namespace Olha.Protocol;

/// <summary>Who may come in: <c>open</c> anybody; <c>closed</c> those invited; <c>direct</c> exactly its people, for ever.</summary>
public enum RoomKind { Open, Closed, Direct }

/// <summary>A place to talk: the room's own row.</summary>
/// <param name="Id">Never reused.</param>
/// <param name="Kind">Who may come in.</param>
/// <param name="Name">1-64 characters; null for a direct room, which is named by its people.</param>
/// <param name="Topic">Up to 250 characters, or null.</param>
/// <param name="CreatorId">May do in it what its moderators may, and name these.</param>
/// <param name="General">The one room that everybody is in; it can't be left or archived.</param>
/// <param name="PeopleIds">A direct room's people, ascending; null for the others.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ArchivedAt">When it became read-only, or null.</param>
/// <param name="FirstSeq">The first message that is kept: 1 until something is purged. Drop what lies below.</param>
/// <param name="Rev">The room's revision that gave its own row this form.</param>
/// <param name="SlowModeSeconds">So long a member waits between two messages; null: not at all.</param>
/// <param name="Locked">True: only moderators may speak; null: everybody may.</param>
/// <param name="RetentionDays">After so many days messages are removed; 0: never; null: as the server has it.</param>
public sealed record Room(
    long Id, RoomKind Kind, string? Name, string? Topic, long? CreatorId, bool General, IReadOnlyList<long>? PeopleIds,
    DateTimeOffset CreatedAt, DateTimeOffset? ArchivedAt, long FirstSeq, long Rev,
    long? SlowModeSeconds = null, bool? Locked = null, long? RetentionDays = null);

/// <summary>A membership as the room sees it. One that ended stays, with <see cref="Joined"/> false.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="UserId">The member.</param>
/// <param name="Joined">Whether they are in it now.</param>
/// <param name="Since">When it came to be so.</param>
/// <param name="Rev">The room's revision that gave this its present form.</param>
/// <param name="Moderator">True: may change the room, delete messages and send people out; null: no.</param>
public sealed record Member(long RoomId, long UserId, bool Joined, DateTimeOffset Since, long Rev, bool? Moderator = null);

/// <summary>A person's own place in a room: membership, read mark and what is unread. Belongs to the person's stream.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Joined">False in a change: drop the room and all that is held of it.</param>
/// <param name="Mark">The <c>seq</c> of the last message read.</param>
/// <param name="Unread">Others' messages above the mark, without tombstones and system lines, at <see cref="Head"/>.</param>
/// <param name="LastSeq">The room's newest message at <see cref="Head"/>.</param>
/// <param name="Head">The room's revision when this was read.</param>
/// <param name="Room">The room's own row; null when <see cref="Joined"/> is false, except in the answer of
/// <c>GET /api/v1/rooms/{id}</c> about an open room that one could join.</param>
/// <param name="Rev">The person's revision that gave this its present form.</param>
/// <param name="Mentions">Of the unread messages, those that mean the person: named, answered, or everybody.</param>
/// <param name="Level">What of the room is to be heard of.</param>
/// <param name="Moderator">True: the person moderates the room; null: no.</param>
public sealed record Place(
    long RoomId, bool Joined, long Mark, long Unread, long LastSeq, long Head, Room? Room, long Rev, long Mentions,
    RoomLevel Level, bool? Moderator = null);

/// <summary>How loud a room is for one person: <c>everything</c> notifies of each message; <c>mentions</c> of those that mean the
/// person; <c>nothing</c> of none (muted); <c>hidden</c> besides takes the room out of the list until it is looked for.</summary>
public enum RoomLevel { Everything, Mentions, Nothing, Hidden }

/// <summary>A room's unread state for one person, true at the room's revision <see cref="Head"/>.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Mark">The <c>seq</c> of the last message read.</param>
/// <param name="Unread">Others' messages above the mark, without tombstones and system lines.</param>
/// <param name="Head">The room's revision at which this was counted.</param>
/// <param name="Rev">The person's revision that gave the mark its present form.</param>
/// <param name="Mentions">Of the unread messages, those that mean the person.</param>
public sealed record ReadState(long RoomId, long Mark, long Unread, long Head, long Rev, long Mentions);

/// <summary>An open room as the list of rooms to join shows it.</summary>
public sealed record OpenRoom(Room Room, long MemberCount, bool Joined);
