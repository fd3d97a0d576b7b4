using System.Text.Json.Serialization;

namespace Olha.Protocol;

/// <summary>What the server says over the socket, besides every <see cref="Change"/>, which travels as a frame as it is.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Welcome), "welcome")]
[JsonDerivedType(typeof(RoomChanges), "changes")]
[JsonDerivedType(typeof(Behind), "behind")]
[JsonDerivedType(typeof(Ack), "ack")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(SomebodyTyping), "typing")]
[JsonDerivedType(typeof(EverybodyOnline), "online")]
[JsonDerivedType(typeof(PresenceChange), "presence")]
[JsonDerivedType(typeof(Ping), "ping")]
[JsonDerivedType(typeof(Bye), "bye")]
public abstract record ServerFrame;

/// <summary>The whole starting state; also <c>GET /api/v1/state</c>.</summary>
/// <param name="Epoch">Another one than held: throw away everything held, the outbox excepted.</param>
/// <param name="Me">Who this socket is.</param>
/// <param name="PersonHead">The person's stream is complete up to here.</param>
/// <param name="ServerHead">The server's stream is complete up to here.</param>
/// <param name="Settings">The server's settings.</param>
/// <param name="Rooms">All rooms that the person is in. One that is absent is dropped from what the client holds.</param>
/// <param name="People">Everybody, or when <see cref="PeopleComplete"/> is false those changed since the revision in <c>hello</c>.</param>
/// <param name="PeopleComplete">Whether <see cref="People"/> is everybody.</param>
/// <param name="Limits">What the server will refuse beyond.</param>
/// <param name="Heartbeat">When it pings and what it expects.</param>
/// <param name="Saved">All messages that the person keeps for later.</param>
/// <param name="Drafts">All that the person has begun to write.</param>
public sealed record Welcome(
    string Epoch, Person Me, long PersonHead, long ServerHead, ServerSettings Settings, IReadOnlyList<Place> Rooms,
    IReadOnlyList<Person> People, bool PeopleComplete, Limits Limits, HeartbeatTimes Heartbeat, IReadOnlyList<SavedMessage> Saved,
    IReadOnlyList<RoomDraft> Drafts)
    : ServerFrame;

/// <summary>Limits that a client should know; 0 = none.</summary>
/// <param name="MessageLength">Characters (Unicode scalar values) of a message.</param>
/// <param name="MessagesPerSecond">Lasting rate a user.</param>
/// <param name="MessageBurst">How many at once.</param>
/// <param name="FrameBytes">Bytes of one inbound frame over all its fragments.</param>
public sealed record Limits(int MessageLength, double MessagesPerSecond, int MessageBurst, int FrameBytes);

/// <summary>Application-level heartbeat: <c>ping</c> every <see cref="IntervalMs"/>; no <c>pong</c> for <see cref="TimeoutMs"/> closes 4002.</summary>
public sealed record HeartbeatTimes(int IntervalMs, int TimeoutMs);

/// <summary>A range of a room's changes after a gap; also <c>GET /api/v1/rooms/{id}/changes</c>. Each thing stands in it once,
/// in its current form; the revisions that it skips were superseded.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Complete">Everything up to this revision is in.</param>
/// <param name="Head">The room's head in the same snapshot; above <see cref="Complete"/> there is more to ask for.</param>
/// <param name="Changes">Ascending by <c>rev</c>.</param>
/// <param name="Read">The unread state in the same snapshot.</param>
public sealed record RoomChanges(long RoomId, long Complete, long Head, IReadOnlyList<Change> Changes, ReadState Read) : ServerFrame;

/// <summary>More was missed in this room than is replayed: fetch it when the room is looked at.</summary>
public sealed record Behind(long RoomId, long Head) : ServerFrame;

/// <summary>The message is stored for good. Sent only after commit.</summary>
/// <param name="Cid">As in the post.</param>
/// <param name="RoomId">The room.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Seq">Its place.</param>
/// <param name="CreatedAt">When it was first stored.</param>
/// <param name="Duplicate">True when it had been stored by an earlier try.</param>
public sealed record Ack(string Cid, long RoomId, long Id, long Seq, DateTimeOffset CreatedAt, bool Duplicate) : ServerFrame;

/// <summary>What was asked for was not done.</summary>
/// <param name="Of">The refused frame's type.</param>
/// <param name="Cid">The refused post's cid.</param>
/// <param name="RoomId">The room asked about.</param>
/// <param name="Code">Stable; see <see cref="Refusal"/>.</param>
/// <param name="Detail">An English sentence for people.</param>
/// <param name="Params">Figures belonging to the code: <c>limit</c>, <c>mark</c>, ...</param>
/// <param name="Retry">Whether asking again unchanged can succeed.</param>
/// <param name="RetryAfterMs">When to, in ms from now.</param>
public sealed record Refused(
    string Of, string? Cid, long? RoomId, string Code, string Detail, IReadOnlyDictionary<string, long>? Params, bool Retry,
    long? RetryAfterMs) : ServerFrame;

/// <summary>Somebody is writing; forget it after 6 s or when their message comes. Never replayed.</summary>
public sealed record SomebodyTyping(long RoomId, long UserId) : ServerFrame;

/// <summary>Ids of all who are connected, right behind <c>welcome</c>: replaces what is held. Not a part of it, because it is the same
/// for everybody, and long where many are.</summary>
/// <param name="Ids">All who are connected.</param>
/// <param name="Away">Those of them who are away.</param>
public sealed record EverybodyOnline(IReadOnlyCollection<long> Ids, IReadOnlyCollection<long> Away) : ServerFrame;

/// <summary>Who came, who went and who turned away, gathered over a moment. Never replayed; <c>online</c> has the whole.</summary>
/// <param name="Online">Who is active now: came, or is no longer away.</param>
/// <param name="Offline">Who went.</param>
/// <param name="Away">Who is connected and away now: was active before, or came like that.</param>
public sealed record PresenceChange(IReadOnlyList<long> Online, IReadOnlyList<long> Offline, IReadOnlyList<long> Away) : ServerFrame;

/// <summary>Heartbeat. Answer with <c>pong</c>.</summary>
/// <param name="Heads">The heads that moved since the last ping: a stream whose head is above what is held has lost its last change.</param>
public sealed record Ping(Heads Heads) : ServerFrame;

/// <summary>Heads of streams; what did not move is absent.</summary>
public sealed record Heads(long? Person, long? Server, IReadOnlyDictionary<long, long>? Rooms);

/// <summary>The server is about to close the socket.</summary>
/// <param name="Code">The close code that follows.</param>
/// <param name="Reason">A word for logs.</param>
/// <param name="RetryMs">Come back after this many ms; null: do not come back by yourself.</param>
public sealed record Bye(int Code, string Reason, long? RetryMs) : ServerFrame;
