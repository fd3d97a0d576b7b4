namespace Olha.Protocol;

/// <summary>Somebody as administrators see them.</summary>
/// <param name="Person">As everybody sees them.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="LastSeenAt">When they were last connected; null: not known.</param>
/// <param name="Sessions">Devices that are signed in.</param>
/// <param name="InvitationId">The invitation they came by; null: none.</param>
public sealed record Account(Person Person, DateTimeOffset CreatedAt, DateTimeOffset? LastSeenAt, long Sessions, long? InvitationId);

/// <summary>Accounts by id.</summary>
/// <param name="Accounts">This page.</param>
/// <param name="Next">Ask again with <c>after</c> set to this; null: that was all.</param>
public sealed record AccountList(IReadOnlyList<Account> Accounts, long? Next);

/// <summary><c>PATCH /api/v1/admin/people/{id}</c>: absent fields stay as they are.</summary>
/// <param name="Role">What they may do from now on. Only an owner makes and unmakes owners and admins.</param>
/// <param name="State"><c>active</c>, <c>disabled</c> or <c>banned</c>; who is not active is out at once.</param>
/// <param name="RemoveMessages">With <c>banned</c>: whether all their messages are deleted.</param>
public sealed record AccountBody(Role? Role = null, PersonState? State = null, bool RemoveMessages = false);

/// <summary>An open or closed room as administrators see it.</summary>
/// <param name="Room">The room's own row.</param>
/// <param name="MemberCount">Who is in it.</param>
/// <param name="Messages">Messages that are kept.</param>
public sealed record GovernedRoom(Room Room, long MemberCount, long Messages);

/// <summary>Open and closed rooms by id.</summary>
/// <param name="Rooms">This page.</param>
/// <param name="Next">Ask again with <c>after</c> set to this; null: that was all.</param>
public sealed record GovernedRoomList(IReadOnlyList<GovernedRoom> Rooms, long? Next);

/// <summary>Administrative acts, as the log of them names them.</summary>
public enum AuditAction
{
    SettingsChanged, RoleChanged, Disabled, Enabled, Banned, SessionsEnded, RecoveryLinkMade, AccountDeleted, MessagesRemoved,
    InvitationMade, InvitationRevoked, RoomChanged, RoomArchived, RoomUnarchived, RoomDeleted, MemberRemoved, ModeratorMade, ModeratorUnmade,
    MessageDeleted, ReportResolved, MessagesPurged, PasswordReset,
}

/// <summary>One administrative act.</summary>
/// <param name="Id">Ascending.</param>
/// <param name="At">When.</param>
/// <param name="ActorId">Who did it; null: the program itself, or somebody at its command line.</param>
/// <param name="Action">What was done.</param>
/// <param name="UserId">To whom; null: to nobody.</param>
/// <param name="RoomId">In which room; null: in none.</param>
/// <param name="Details">What else there is to say, by name: <c>from</c>, <c>to</c>, <c>name</c>, <c>seq</c>, <c>count</c>.</param>
public sealed record AuditEntry(
    long Id, DateTimeOffset At, long? ActorId, AuditAction Action, long? UserId, long? RoomId, IReadOnlyDictionary<string, string>? Details);

/// <summary>Administrative acts, the last first.</summary>
/// <param name="Entries">This page.</param>
/// <param name="Next">Ask again with <c>before</c> set to this; null: that was all.</param>
public sealed record AuditList(IReadOnlyList<AuditEntry> Entries, long? Next);

/// <summary>What there is on the server.</summary>
/// <param name="People">Accounts that are active.</param>
/// <param name="Online">Of these, connected now.</param>
/// <param name="ActiveThisWeek">Of these, connected within the last seven days.</param>
/// <param name="Rooms">Open and closed rooms.</param>
/// <param name="DirectRooms">Direct rooms.</param>
/// <param name="Messages">Messages that are kept.</param>
/// <param name="MessagesPerDay">Messages of each of the last thirty days in UTC, the oldest first.</param>
/// <param name="DatabaseBytes">Bytes of the database.</param>
/// <param name="OpenReports">Reports that nobody has resolved.</param>
public sealed record Statistics(
    long People, long Online, long ActiveThisWeek, long Rooms, long DirectRooms, long Messages, IReadOnlyList<long> MessagesPerDay,
    long DatabaseBytes, long OpenReports);

/// <summary><c>POST /api/v1/rooms/{id}/messages/{seq}/report</c>: a member tells the moderators of a message.</summary>
/// <param name="Reason">Up to 500 characters; may be empty.</param>
public sealed record ReportBody(string? Reason);

/// <summary>A message that was reported.</summary>
/// <param name="Id">For resolving it.</param>
/// <param name="RoomId">The room.</param>
/// <param name="Message">The message in its present form.</param>
/// <param name="ReporterId">Who reported it.</param>
/// <param name="Reason">Why; null: not said.</param>
/// <param name="At">When.</param>
/// <param name="ResolvedAt">When it was resolved; null: it is open.</param>
/// <param name="ResolvedBy">Who resolved it.</param>
public sealed record Report(
    long Id, long RoomId, Message Message, long ReporterId, string? Reason, DateTimeOffset At, DateTimeOffset? ResolvedAt, long? ResolvedBy);

/// <summary>Reports that the caller may see, the last first.</summary>
/// <param name="Reports">This page.</param>
/// <param name="Next">Ask again with <c>before</c> set to this; null: that was all.</param>
public sealed record ReportList(IReadOnlyList<Report> Reports, long? Next);
