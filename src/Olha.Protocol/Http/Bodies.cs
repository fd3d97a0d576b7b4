namespace Olha.Protocol;

/// <summary><c>POST /api/v1/users</c>: sign up.</summary>
/// <param name="Username">See <see cref="Person.Username"/>.</param>
/// <param name="Password">8 characters to 72 bytes.</param>
/// <param name="DisplayName">Optional; the user name when absent.</param>
/// <param name="Bearer">True: answer with a token for <c>Authorization: Bearer</c> instead of setting a cookie.</param>
/// <param name="Invitation">The secret of an invitation; needed where registration is by invitation.</param>
public sealed record SignUpBody(
    string? Username, string? Password, string? DisplayName = null, bool Bearer = false, string? Invitation = null);

/// <summary><c>POST /api/v1/sessions</c>: sign in.</summary>
public sealed record SignInBody(string? Username, string? Password, bool Bearer = false);

/// <summary>Who is signed in now.</summary>
/// <param name="Me">The account.</param>
/// <param name="ExpiresAt">When the session ends if it is not used before.</param>
/// <param name="Token">The bearer token, only when it was asked for and only this once.</param>
public sealed record SessionAnswer(Person Me, DateTimeOffset ExpiresAt, string? Token);

/// <summary><c>PATCH /api/v1/me</c>: absent fields stay as they are.</summary>
/// <param name="DisplayName">1-64 characters.</param>
/// <param name="Status">Up to 100 characters on one line; empty clears it.</param>
/// <param name="Pronouns">Up to 40 characters on one line; empty clears them.</param>
/// <param name="TimeZone">A name of the IANA database; empty clears it.</param>
public sealed record ProfileBody(string? DisplayName = null, string? Status = null, string? Pronouns = null, string? TimeZone = null);

/// <summary><c>PATCH /api/v1/settings</c>: an administrator; absent fields stay as they are.</summary>
/// <param name="Name">1-64 characters.</param>
/// <param name="Receipts">Whether people see who has seen a message.</param>
/// <param name="Registration">Who may make an account.</param>
/// <param name="MessageLength">Characters of one message, 0 to 100,000; 0: no limit.</param>
/// <param name="MessagesPerMinute">Messages a minute that a person may post over time, 0 to 60,000; 0: no limit.</param>
/// <param name="RetentionDays">1 to 36,500; 0: messages are never removed.</param>
public sealed record SettingsBody(
    string? Name = null, bool? Receipts = null, Registration? Registration = null, long? MessageLength = null,
    long? MessagesPerMinute = null, long? RetentionDays = null);

/// <summary><c>GET /api/v1/about</c>: what the sign-in page needs, for anybody.</summary>
/// <param name="Name">The server's name.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Registration">Who may make an account.</param>
/// <param name="FirstRun">True until the first account, the owner's, exists.</param>
public sealed record About(string Name, string Version, Registration Registration, bool FirstRun);

/// <summary><c>POST /api/v1/rooms</c>: make a room. Its maker is in it.</summary>
/// <param name="Kind"><c>open</c> or <c>closed</c>; direct rooms have a door of their own.</param>
/// <param name="Name">1-64 characters; unique among open rooms whatever the case.</param>
/// <param name="Topic">Optional, up to 250 characters.</param>
public sealed record NewRoomBody(RoomKind? Kind, string? Name, string? Topic = null);

/// <summary><c>POST /api/v1/rooms/direct</c>: the direct room of these people and oneself, made when there is none.</summary>
/// <param name="UserIds">The others, at most 19; empty: with oneself.</param>
public sealed record DirectRoomBody(IReadOnlyList<long>? UserIds);

/// <summary><c>PATCH /api/v1/rooms/{id}</c>: absent fields stay as they are; an empty topic clears it.</summary>
/// <param name="Name">1-64 characters.</param>
/// <param name="Topic">Up to 250 characters.</param>
/// <param name="Archived">Whether it can only be read.</param>
/// <param name="SlowModeSeconds">0 to 21,600; 0: no waiting.</param>
/// <param name="Locked">Whether only moderators may speak.</param>
/// <param name="RetentionDays">An administrator's. 1 to 36,500; 0: messages are never removed; -1: as the server has it.</param>
public sealed record RoomPatchBody(
    string? Name = null, string? Topic = null, bool? Archived = null, long? SlowModeSeconds = null, bool? Locked = null,
    long? RetentionDays = null);

/// <summary><c>POST /api/v1/rooms/{id}/messages</c>: as the <c>post</c> frame.</summary>
public sealed record DraftBody(string? Cid, string? Body, long? ReplyToSeq = null);

/// <summary><c>PATCH /api/v1/rooms/{id}/messages/{seq}</c>: another text for an own message.</summary>
public sealed record EditBody(string? Body);

/// <summary><c>PUT /api/v1/rooms/{id}/level</c>: how loud the room is.</summary>
public sealed record LevelBody(RoomLevel? Level);

/// <summary><c>PUT /api/v1/rooms/{id}/draft</c>: what has been begun, for the person's other devices; an empty body: nothing.</summary>
/// <param name="Body">Up to 20,000 characters (UTF-16).</param>
/// <param name="ReplyToSeq">The message that it will answer; null: none.</param>
public sealed record BegunBody(string? Body, long? ReplyToSeq = null);

/// <summary><c>PUT /api/v1/rooms/{id}/read</c>: as the <c>read</c> frame.</summary>
public sealed record ReadBody(long? Mark, long? Replaces);

/// <summary><c>POST /api/users</c> and <c>POST /api/users/login</c> of the original.</summary>
public sealed record OriginalCredentials(string? Username, string? Password);

/// <summary>The original's answer to both: exactly these two fields.</summary>
public sealed record OriginalUser(long Id, string Username);
