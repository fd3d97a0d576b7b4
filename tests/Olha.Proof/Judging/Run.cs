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

/// <summary>What the database holds, read from its tables in one snapshot by a connection of the checker's own.</summary>
/// <param name="Epoch">The epoch that every client has to be told.</param>
/// <param name="Rooms">By id.</param>
/// <param name="Messages">By room and <c>seq</c>.</param>
/// <param name="Memberships">Those that ended too.</param>
/// <param name="Mentions">Whom messages mean.</param>
internal sealed record Truth(
    string Epoch, IReadOnlyList<TrueRoom> Rooms, IReadOnlyList<TrueMessage> Messages, IReadOnlyList<TrueMembership> Memberships,
    IReadOnlyList<TrueMention> Mentions);

/// <summary>A room.</summary>
/// <param name="LastSeq">The newest message.</param>
/// <param name="LastRev">The head of its stream.</param>
/// <param name="Form">Its own row as it has to be told.</param>
internal sealed record TrueRoom(long LastSeq, long LastRev, Room Form)
{
    public long Id => Form.Id;
    public long FirstSeq => Form.FirstSeq;
    public long Rev => Form.Rev;
}

/// <summary>A message.</summary>
/// <param name="Form">As it has to be told.</param>
internal sealed record TrueMessage(Message Form)
{
    public long Id => Form.Id;
    public long RoomId => Form.RoomId;
    public long Seq => Form.Seq;
    public long Rev => Form.Rev;
    public long AuthorId => Form.AuthorId;
    public string? Cid => Form.Cid;
    public bool Deleted => Form.DeletedAt is not null;
    public bool Edited => Form.EditedAt is not null;
}

/// <summary>A membership, with what belongs to the person alone.</summary>
/// <param name="Form">As it has to be told in the room.</param>
/// <param name="Mark">The read mark.</param>
/// <param name="PersonRev">The person's revision that gave the place its present form.</param>
/// <param name="Level">How loud the room is.</param>
internal sealed record TrueMembership(Member Form, long Mark, long PersonRev, RoomLevel Level)
{
    public long RoomId => Form.RoomId;
    public long UserId => Form.UserId;
    public bool Joined => Form.Joined;
}

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
