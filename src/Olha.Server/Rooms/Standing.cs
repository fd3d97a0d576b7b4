using Olha.Protocol;

namespace Olha.Server.Rooms;

/// <summary>What one person is to one room. The one place that says who may do what there: every <c>WhyNot</c> is null when
/// they may, otherwise the reason.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Role">What they may do on the whole server.</param>
/// <param name="Room">The room; null: there is none of this id.</param>
/// <param name="Joined">Whether they are in it now.</param>
/// <param name="Mark">Their read mark; 0 when they never were in it.</param>
/// <param name="Since">When they came or went; null when they never were in it.</param>
/// <param name="Active">Whether they can still come in at all.</param>
/// <param name="Moderator">Whether they were made a moderator of the room.</param>
/// <param name="PostedAt">When they last spoke in it, as far as it is kept; null: it is not.</param>
internal sealed record Standing(
    long UserId, Role Role, RoomRow? Room, bool Joined, long Mark, DateTimeOffset? Since, bool Active = true, bool Moderator = false,
    DateTimeOffset? PostedAt = null)
{
    /// <summary>Closed and direct rooms do not exist for those who are not in them, former members included; for guests no room does
    /// that they are not in.</summary>
    public Refusal? WhyNotSee() =>
        !Active ? Refusal.NoSession
        : Room is null || (!Joined && (Room.RoomKind != RoomKind.Open || Role == Role.Guest)) ? Refusal.NotFound
        : null;

    /// <summary>Hearing General at the original's door, which has no other room and makes no secret of it.</summary>
    public Refusal? WhyNotHear() => !Active ? Refusal.NoSession : Joined ? null : Refusal.NotMember;

    /// <summary>Opening a direct room: a guest only with people whom they meet in a room already.</summary>
    /// <param name="role">What the person is.</param>
    /// <param name="meetAll">Whether they share a room with everybody whom they want in it.</param>
    public static Refusal? WhyNotOpenDirect(Role role, bool meetAll) => role == Role.Guest && !meetAll ? Refusal.NotFound : null;

    /// <summary>Messages, changes, members: all that a member sees.</summary>
    public Refusal? WhyNotRead() => WhyNotSee() ?? (Joined ? null : Refusal.NotMember);

    /// <summary>Whatever everybody in the room sees: saying, answering, reacting, pinning.</summary>
    public Refusal? WhyNotPost() =>
        WhyNotRead() ?? (Room!.Archived ? Refusal.Archived : null) ?? (Room.Locked && !Moderates ? Refusal.Locked : null);

    /// <summary>Saying something now: in slow mode there is a wait between two messages, but not for moderators.</summary>
    public Refusal? WhyNotPost(DateTimeOffset now) =>
        WhyNotPost() ?? (WaitUntil is { } then && then > now ? Refusal.SlowMode with { RetryAfter = then - now } : null);

    /// <summary>Putting an own message into other words.</summary>
    public Refusal? WhyNotEdit(Message message) => WhyNotReact(message) ?? (message.AuthorId == UserId ? null : Refusal.NotYours);

    /// <summary>One's own, and whoever manages the room everybody's. Deleting twice is no error.</summary>
    public Refusal? WhyNotDelete(Message message) =>
        WhyNotPost()
        ?? (message.Kind != MessageKind.Text ? Refusal.Forbidden : null)
        ?? (message.AuthorId == UserId || WhyNotManage() is null ? null : Refusal.NotYours);

    /// <summary>Reactions and pins: what any member may do to a message that is there.</summary>
    public Refusal? WhyNotReact(Message message) =>
        WhyNotPost()
        ?? (message.Kind != MessageKind.Text ? Refusal.Forbidden : null)
        ?? (message.DeletedAt is not null ? Refusal.Deleted : null);

    public Refusal? WhyNotJoin() => WhyNotSee() ?? (!Joined && Room!.Archived ? Refusal.Archived : null);

    public Refusal? WhyNotLeave() => WhyNotRead() ?? WhyPeopleStay();

    public Refusal? WhyNotInvite() =>
        WhyNotRead()
        ?? (Room!.RoomKind == RoomKind.Direct ? Refusal.DirectStays : null)
        ?? (Role == Role.Guest ? Refusal.Forbidden : null)
        ?? (Room.Archived ? Refusal.Archived : null);

    /// <summary>Naming it in an invitation to the server, as far as the room is concerned: rooms that one sees, so closed ones that one
    /// is in. Who may invite to the server is Authority's to say.</summary>
    public Refusal? WhyNotOffer() =>
        WhyNotSee()
        ?? (Room!.RoomKind == RoomKind.Direct ? Refusal.DirectStays : null)
        ?? (Room.Archived ? Refusal.Archived : null);

    public Refusal? WhyNotRemove() => WhyNotManage() ?? WhyPeopleStay();

    /// <summary>Rename, set the topic, archive, slow down, lock, delete messages, send people out: the room's creator and moderators and
    /// the server's owners and admins, who see closed rooms no better than anybody.</summary>
    public Refusal? WhyNotManage() =>
        WhyNotSee()
        ?? (Room!.RoomKind == RoomKind.Direct ? Refusal.DirectStays : null)
        ?? (Moderates ? null : Refusal.Forbidden);

    /// <summary>Making and unmaking moderators: the room's creator and the server's owners and admins.</summary>
    public Refusal? WhyNotAppoint() =>
        WhyNotManage() ?? (IsAdmin || (Room!.CreatorId == UserId && Role != Role.Guest) ? null : Refusal.Forbidden);

    /// <summary>Telling the moderators of a message: everybody who can read it, but of one's own.</summary>
    public Refusal? WhyNotReport(Message message) =>
        WhyNotRead()
        ?? (message.Kind != MessageKind.Text || message.AuthorId == UserId ? Refusal.Forbidden : null)
        ?? (message.DeletedAt is not null ? Refusal.Deleted : null);

    /// <summary>Seeing what was reported in a room, and resolving it: its moderators who are in it, and administrators everywhere. To
    /// others there are no reports.</summary>
    public Refusal? WhyNotResolve() =>
        !Active ? Refusal.NoSession
        : Room is not null && (IsAdmin || (Joined && Room.RoomKind != RoomKind.Direct && Moderates)) ? null
        : Refusal.NotFound;

    /// <summary>Deleting a room, and how long its messages are kept: administrators, also of closed rooms that they are not in.</summary>
    public Refusal? WhyNotGovern() =>
        !Active ? Refusal.NoSession
        : Room is null || (!IsAdmin && WhyNotSee() is not null) ? Refusal.NotFound
        : !IsAdmin ? Refusal.Forbidden
        : Room.RoomKind == RoomKind.Direct ? Refusal.DirectStays
        : null;

    /// <summary>As <see cref="WhyNotGovern"/>; General stays.</summary>
    public Refusal? WhyNotDelete() => WhyNotGovern() ?? (Room!.General ? Refusal.GeneralStays : null);

    bool IsAdmin => Role is Role.Owner or Role.Admin;

    bool Moderates => IsAdmin || (Joined && Moderator) || (Room!.CreatorId == UserId && Role != Role.Guest);

    DateTimeOffset? WaitUntil =>
        Room!.SlowMode > 0 && !Moderates && PostedAt is { } at ? at + TimeSpan.FromSeconds(Room.SlowMode) : null;

    /// <summary>As <see cref="WhyNotManage"/>; General stays open to be written in.</summary>
    public Refusal? WhyNotArchive() => WhyNotManage() ?? (Room!.General ? Refusal.GeneralStays : null);

    Refusal? WhyPeopleStay() =>
        Room!.General ? Refusal.GeneralStays
        : Room.RoomKind == RoomKind.Direct ? Refusal.DirectStays
        : null;
}
