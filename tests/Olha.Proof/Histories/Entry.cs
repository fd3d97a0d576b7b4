using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Something that was seen from outside while a plan ran.</summary>
/// <param name="At">Microseconds since the run began, by one monotonic clock. An <see cref="Asked"/> and an
/// <see cref="Opened"/> are written before the first byte leaves, everything else after the last one came.</param>
/// <param name="Device">Whose; -1: the world's.</param>
internal abstract record Entry(long At, int Device);

/// <summary>A device wants something. Every attempt at it is one more entry with the same <see cref="Op"/>.</summary>
/// <param name="At">See <see cref="Entry"/>.</param>
/// <param name="Device">See <see cref="Entry"/>.</param>
/// <param name="Op">The number of what it wants, unique in the run.</param>
/// <param name="Connection">Over which of its connections, or 0 over HTTP.</param>
/// <param name="Step">What it wants.</param>
/// <param name="RoomId">Where.</param>
/// <param name="Cid">A post's.</param>
/// <param name="Body">What is said or put in.</param>
/// <param name="Seq">Which message.</param>
/// <param name="UserId">Which person.</param>
/// <param name="Replaces">Where the read mark was that is to be moved, as far as the device knows.</param>
internal sealed record Asked(
    long At, int Device, int Op, int Connection, Step Step, long RoomId, string? Cid = null, string? Body = null, long? Seq = null, long? UserId = null,
    long? Replaces = null) : Entry(At, Device);

/// <summary>How something that was asked for ended.</summary>
/// <param name="At">See <see cref="Entry"/>.</param>
/// <param name="Device">See <see cref="Entry"/>.</param>
/// <param name="Op">Of which <see cref="Asked"/>.</param>
/// <param name="Outcome">How.</param>
/// <param name="Code">A refusal's code; of an answer that should not be (a 500, a body that cannot be read) what it was.</param>
/// <param name="Ack">A stored post's acknowledgement.</param>
/// <param name="Message">The form that an edit, a deletion or the like answered with.</param>
internal sealed record Answered(long At, int Device, int Op, Outcome Outcome, string? Code = null, Ack? Ack = null, Message? Message = null)
    : Entry(At, Device);

internal enum Outcome
{
    Done,
    /// <summary>The server said no; nothing may have happened.</summary>
    Refused,
    /// <summary>The answer never came; it may have happened or not. Never the last one of <see cref="Act.Post"/>, which is asked again.</summary>
    Unknown,
    /// <summary>An answer that no client should ever get, whatever the fault: status 500, bytes that are no protocol.</summary>
    Broken,
}

/// <summary>A socket was opened and says hello (or is the original's).</summary>
/// <param name="At">See <see cref="Entry"/>; before the first byte of hello leaves: what welcome says is younger.</param>
/// <param name="Device">See <see cref="Entry"/>.</param>
/// <param name="Connection">Unique in the run, from 1.</param>
/// <param name="Hello">What it said that it holds; null at the original's door.</param>
internal sealed record Opened(long At, int Device, int Connection, Hello? Hello) : Entry(At, Device);

/// <summary>A frame came in.</summary>
/// <param name="At">See <see cref="Entry"/>.</param>
/// <param name="Device">See <see cref="Entry"/>.</param>
/// <param name="Connection">On which connection.</param>
/// <param name="Frame">A <see cref="ServerFrame"/>, a <see cref="Change"/> or an <see cref="OriginalFrame"/>.</param>
internal sealed record Heard(long At, int Device, int Connection, object Frame) : Entry(At, Device);

/// <summary>A connection is gone.</summary>
/// <param name="At">See <see cref="Entry"/>.</param>
/// <param name="Device">See <see cref="Entry"/>.</param>
/// <param name="Connection">Which.</param>
/// <param name="Code">The close code; null when it broke.</param>
internal sealed record Closed(long At, int Device, int Connection, int? Code) : Entry(At, Device);

/// <summary>A device read something over HTTP: a gap (<see cref="RoomChanges"/>), a page (<see cref="MessagePage"/>), a room (<see cref="Place"/>),
/// a message.</summary>
/// <param name="At">See <see cref="Entry"/>.</param>
/// <param name="Device">See <see cref="Entry"/>.</param>
/// <param name="AskedAt">When it asked.</param>
/// <param name="RoomId">Of which room.</param>
/// <param name="Answer">What came.</param>
/// <param name="After">Of a gap: the revision after which it begins.</param>
internal sealed record Fetched(long At, int Device, long AskedAt, long RoomId, object Answer, long? After = null) : Entry(At, Device);

/// <summary>Something happened to the world: a fault began or healed, a node is ready again.</summary>
/// <param name="At">See <see cref="Entry"/>.</param>
/// <param name="What">A sentence for the timeline.</param>
internal sealed record Happened(long At, string What) : Entry(At, -1);

/// <summary>What the original's door says.</summary>
internal sealed record OriginalFrame(string Type, long? UserId, string? Username, string Content, DateTimeOffset Timestamp, string? Color);
