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
internal sealed record Standing(long UserId, Role Role, RoomRow? Room, bool Joined, long Mark, DateTimeOffset? Since)
{
    /// <summary>Closed and direct rooms do not exist for those who are not in them, former members included.</summary>
    public Refusal? WhyNotSee() => Room is null || (!Joined && Room.RoomKind != RoomKind.Open) ? Refusal.NotFound : null;

    /// <summary>Messages, changes, members: all that a member sees.</summary>
    public Refusal? WhyNotRead() => WhyNotSee() ?? (Joined ? null : Refusal.NotMember);

    public Refusal? WhyNotPost() => WhyNotRead() ?? (Room!.Archived ? Refusal.Archived : null);

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
        ?? (Room.Archived ? Refusal.Archived : null);

    public Refusal? WhyNotRemove() => WhyNotManage() ?? WhyPeopleStay();

    /// <summary>Rename, set the topic, archive: the room's creator and the server's owner. The owner sees closed rooms no
    /// better than anybody.</summary>
    public Refusal? WhyNotManage() =>
        WhyNotSee()
        ?? (Room!.RoomKind == RoomKind.Direct ? Refusal.DirectStays : null)
        ?? (Role == Role.Owner || Room.CreatorId == UserId ? null : Refusal.Forbidden);

    /// <summary>As <see cref="WhyNotManage"/>; General stays open to be written in.</summary>
    public Refusal? WhyNotArchive() => WhyNotManage() ?? (Room!.General ? Refusal.GeneralStays : null);

    Refusal? WhyPeopleStay() =>
        Room!.General ? Refusal.GeneralStays
        : Room.RoomKind == RoomKind.Direct ? Refusal.DirectStays
        : null;
}
