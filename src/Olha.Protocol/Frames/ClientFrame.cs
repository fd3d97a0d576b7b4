using System.Text.Json.Serialization;

namespace Olha.Protocol;

/// <summary>What a client says over the socket. A type that is none of these reads as the bare base: refused as
/// <c>unknown_type</c> after <c>hello</c>, closed 4500 before it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", IgnoreUnrecognizedTypeDiscriminators = true,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToBaseType)]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Post), "post")]
[JsonDerivedType(typeof(MoveMark), "read")]
[JsonDerivedType(typeof(Typing), "typing")]
[JsonDerivedType(typeof(Attention), "active")]
[JsonDerivedType(typeof(Pong), "pong")]
public record ClientFrame;

/// <summary>The first frame: what the client already holds.</summary>
/// <param name="Epoch">The epoch it was told before; null or another one: the client starts afresh.</param>
/// <param name="Person">The revision held of the person's stream; null: none.</param>
/// <param name="Server">The revision held of the server's stream; null: none.</param>
/// <param name="Rooms">Room id → revision held, of each room whose messages the client holds; at most 500.</param>
public sealed record Hello(string? Epoch, long? Person, long? Server, IReadOnlyDictionary<long, long>? Rooms) : ClientFrame;

/// <summary>Say something. Answered by <c>ack</c> after commit, or by <c>refused</c>.</summary>
/// <param name="RoomId">Where.</param>
/// <param name="Cid">1-64 of <c>[A-Za-z0-9_-]</c>, chosen by the client, unique per author for ever. Asking again with the
/// same one is always safe.</param>
/// <param name="Body">1 to <c>limits.messageLength</c> characters (Unicode scalar values). <c>@name</c> means a person,
/// <c>@room</c> everybody in the room, unless it stands in code.</param>
/// <param name="ReplyToSeq">The message that it answers; null: none.</param>
public sealed record Post(long RoomId, string? Cid, string? Body, long? ReplyToSeq = null) : ClientFrame;

/// <summary>Move the read mark (<c>read</c>). Answered by a <c>place</c> on the person's stream, or by <c>refused</c>.</summary>
/// <param name="RoomId">Where.</param>
/// <param name="Mark">The <c>seq</c> of the last message read.</param>
/// <param name="Replaces">The mark that this one replaces; when it is another by now, the frame is refused as <c>stale_mark</c>.</param>
public sealed record MoveMark(long RoomId, long? Mark, long? Replaces) : ClientFrame;

/// <summary>The person is writing in a room. Heard by the others for 6 s; say it again every 3 s at most.</summary>
public sealed record Typing(long RoomId) : ClientFrame;

/// <summary>Whether the person is active at this device (<c>active</c>). A socket counts as active until it says otherwise; who is not
/// active on any is away.</summary>
/// <param name="Active">False: idle; true: back again.</param>
public sealed record Attention(bool? Active) : ClientFrame;

/// <summary>The answer to <c>ping</c>.</summary>
public sealed record Pong : ClientFrame;
