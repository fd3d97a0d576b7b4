namespace Olha.Protocol;

/// <summary>Messages next to each other, ascending by <c>seq</c>.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Messages">The page.</param>
/// <param name="Complete">The room's head in the same snapshot: the page is true at this revision.</param>
/// <param name="HasBefore">Whether there are kept messages below the page.</param>
/// <param name="HasAfter">Whether there are messages above it.</param>
/// <param name="Read">The unread state in the same snapshot.</param>
public sealed record MessagePage(
    long RoomId, IReadOnlyList<Message> Messages, long Complete, bool HasBefore, bool HasAfter, ReadState Read);

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
public sealed record OnlineList(IReadOnlyCollection<long> Online);

/// <summary><c>application/problem+json</c> (RFC 9457), with the stable code beside.</summary>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Code, IReadOnlyDictionary<string, long>? Params,
    bool Retry, long? RetryAfterMs);
