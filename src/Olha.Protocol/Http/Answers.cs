namespace Olha.Protocol;

/// <summary>Messages next to each other, ascending by <c>seq</c>.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Messages">The page.</param>
/// <param name="Complete">The room's head in the same snapshot: the page is true at this revision.</param>
/// <param name="HasBefore">Whether there are kept messages below the page.</param>
/// <param name="HasAfter">Whether there are messages above it.</param>
/// <param name="Read">The unread state in the same snapshot.</param>
/// <param name="Parents">Messages that the page's replies answer and that are not in the page themselves; null: none.</param>
public sealed record MessagePage(
    long RoomId, IReadOnlyList<Message> Messages, long Complete, bool HasBefore, bool HasAfter, ReadState Read,
    IReadOnlyList<Message>? Parents = null);

/// <summary>Messages of several rooms, the newest first.</summary>
/// <param name="Messages">This page.</param>
/// <param name="Next">Ask again with <c>before</c> set to this; null: that was all.</param>
public sealed record FoundMessages(IReadOnlyList<Message> Messages, long? Next);

/// <summary>A room's pinned messages, the last pinned first.</summary>
public sealed record PinnedMessages(long RoomId, IReadOnlyList<Message> Messages);

/// <summary>Who has read a room up to a message or further: its other members' ids, ascending, without the author's.</summary>
public sealed record SeenBy(IReadOnlyList<long> UserIds);

/// <summary>A message's earlier bodies, the oldest first; its present one is not among them.</summary>
public sealed record FormerBodies(IReadOnlyList<FormerBody> Bodies);

/// <summary>Changes of the person's or of the server's stream, ascending by <c>rev</c>, complete up to <see cref="Complete"/>.</summary>
public sealed record StreamChanges(long Complete, long Head, IReadOnlyList<Change> Changes);

/// <summary>A list that ends.</summary>
public sealed record RoomList(IReadOnlyList<Place> Rooms);

/// <summary>Open rooms, by name.</summary>
/// <param name="Rooms">This page.</param>
/// <param name="Next">Ask again with <c>after</c> set to this; null: that was all.</param>
public sealed record OpenRoomList(IReadOnlyList<OpenRoom> Rooms, string? Next);

/// <summary>Who is in a room.</summary>
public sealed record MemberList(long RoomId, IReadOnlyList<Member> Members, long Complete);

/// <summary>Everybody, at the server stream's revision <see cref="Complete"/>.</summary>
public sealed record PeopleList(IReadOnlyList<Person> People, long Complete);

/// <summary>Who is connected now.</summary>
/// <param name="Online">All who are connected.</param>
/// <param name="Away">Those of them who are away.</param>
public sealed record OnlineList(IReadOnlyCollection<long> Online, IReadOnlyCollection<long> Away);

/// <summary>Whether one person is here.</summary>
/// <param name="State">As it is now.</param>
/// <param name="LastSeenAt">When an offline person was last connected; null: not known.</param>
public sealed record PersonPresence(PresenceState State, DateTimeOffset? LastSeenAt);

/// <summary><c>application/problem+json</c> (RFC 9457), with the stable code beside.</summary>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Code, IReadOnlyDictionary<string, long>? Params,
    bool Retry, long? RetryAfterMs);
