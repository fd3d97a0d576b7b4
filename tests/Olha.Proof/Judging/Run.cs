using Olha.Protocol;

namespace Olha.Proof;

/// <summary>A plan that ran, everything healed and everybody caught up: what the judge gets.</summary>
/// <param name="Plan">What was done.</param>
/// <param name="People">The ids of the plan's people, by their number.</param>
/// <param name="Rooms">The ids of the plan's rooms, by their number.</param>
/// <param name="Entries">What was seen, ascending by time.</param>
/// <param name="Held">What each socket device holds at the end, by device; null for devices of other doors.</param>
/// <param name="Truth">What the database holds at the end, read without the server.</param>
/// <param name="Served">What each node answers over HTTP at the end.</param>
/// <param name="RevocationLag">For so long frames may come to who was removed: none on one node, two seconds in a cluster.</param>
internal sealed record Run(
    Plan Plan, IReadOnlyList<long> People, IReadOnlyList<long> Rooms, IReadOnlyList<Entry> Entries, IReadOnlyList<Holding?> Held, Truth Truth,
    IReadOnlyList<Served> Served, TimeSpan RevocationLag)
{
    /// <summary>Who had not caught up, or had no answer yet, ten seconds after all was healed: as they are, promises that were not kept.</summary>
    public IReadOnlyList<Violation> Unfinished { get; init; } = [];
}

/// <summary>A device's state as the protocol makes it: what a person would see.</summary>
/// <param name="Epoch">The epoch it was told.</param>
/// <param name="Rooms">By id, every room that it shows.</param>
internal sealed record Holding(string Epoch, IReadOnlyDictionary<long, HeldRoom> Rooms);

/// <summary>A room on a device.</summary>
/// <param name="Rev">Complete up to here.</param>
/// <param name="From">The first <c>seq</c> of the range that it holds; everything from here to the newest one is held.</param>
/// <param name="Messages">By <c>seq</c>.</param>
/// <param name="Place">The room as last told.</param>
/// <param name="Unread">What it shows as unread, counted as docs/protocol.md says.</param>
/// <param name="Mentions">Those of them that mean the person.</param>
internal sealed record HeldRoom(long Rev, long From, IReadOnlyDictionary<long, Message> Messages, Place Place, long Unread, long Mentions);

/// <summary>What one node answers over HTTP, asked by somebody who is in the room.</summary>
/// <param name="Node">Which.</param>
/// <param name="Messages">By room id, all messages by <c>seq</c>, read page by page.</param>
/// <param name="Places">By (person's id, room id), the place with its counts.</param>
internal sealed record Served(
    int Node, IReadOnlyDictionary<long, IReadOnlyDictionary<long, Message>> Messages,
    IReadOnlyDictionary<(long Person, long Room), Place> Places);

/// <summary>What the database holds, read from its tables by a connection of the checker's own.</summary>
internal sealed record Truth(
    IReadOnlyList<TrueRoom> Rooms, IReadOnlyList<TrueMessage> Messages, IReadOnlyList<TrueMembership> Memberships, IReadOnlyList<TrueMention> Mentions);

internal sealed record TrueRoom(long Id, long FirstSeq, long LastSeq, long Rev, long LastRev);

internal sealed record TrueMessage(
    long Id, long RoomId, long Seq, long Rev, long AuthorId, string? Cid, string Kind, string? Body, long? ReplyToSeq, bool Edited, bool Deleted);

internal sealed record TrueMembership(long RoomId, long UserId, bool Joined, long Mark, long Rev);

/// <summary>UserId 0: everybody in the room.</summary>
internal sealed record TrueMention(long RoomId, long UserId, long Seq, long AuthorId, string Kind);

/// <summary>A promise that was not kept.</summary>
/// <param name="Invariant">Which one: 1 to 8 for I1 to I8; 0 for an answer that nobody should ever get.</param>
/// <param name="Said">One sentence with the figures.</param>
/// <param name="RoomId">What the timeline is to show: this room,</param>
/// <param name="Seq">this message,</param>
/// <param name="Device">this device,</param>
/// <param name="At">around this time.</param>
internal sealed record Violation(int Invariant, string Said, long? RoomId = null, long? Seq = null, int? Device = null, long? At = null);
