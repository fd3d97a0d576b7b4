namespace Olha.Protocol;

/// <summary>One of a person's sessions: a device that is signed in.</summary>
/// <param name="Id">For ending it.</param>
/// <param name="Device">What the device calls itself.</param>
/// <param name="CreatedAt">When it signed in.</param>
/// <param name="UsedAt">When it was last used, to the hour.</param>
/// <param name="EndsAt">When it ends if it is not used before.</param>
/// <param name="Current">Whether it is the one that asks.</param>
public sealed record SessionInfo(
    long Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, DateTimeOffset EndsAt, bool Current);

/// <summary>A person's sessions, the last used first.</summary>
public sealed record SessionList(IReadOnlyList<SessionInfo> Sessions);

/// <summary><c>PUT /api/v1/me/password</c>: ends all other sessions, and gives this one a new secret.</summary>
/// <param name="Current">The password until now.</param>
/// <param name="Password">8 characters to 72 bytes.</param>
public sealed record PasswordBody(string? Current, string? Password);

/// <summary>What an access token may do: <c>read</c> look at what its owner sees; <c>write</c> besides say and change things;
/// <c>admin</c> besides administer, when its owner may. None may touch the account itself.</summary>
public enum Scope { Read, Write, Admin }

/// <summary><c>POST /api/v1/me/tokens</c>: make an access token.</summary>
/// <param name="Name">1-64 characters, for the list.</param>
/// <param name="Scopes">One or more.</param>
/// <param name="ExpiresInDays">1 to 3,650; absent: it does not expire.</param>
public sealed record NewTokenBody(string? Name, IReadOnlyList<Scope>? Scopes, long? ExpiresInDays = null);

/// <summary>An access token, without its secret.</summary>
/// <param name="Id">For revoking it.</param>
/// <param name="Name">As it was given.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UsedAt">When it was last used, to the hour; null: never.</param>
/// <param name="ExpiresAt">When it ends; null: it does not.</param>
public sealed record AccessTokenInfo(
    long Id, string Name, IReadOnlyList<Scope> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, DateTimeOffset? ExpiresAt);

/// <summary>An access token that was just made.</summary>
/// <param name="Token">Its secret, for <c>Authorization: Bearer</c>; shown this once.</param>
/// <param name="Info">The rest.</param>
public sealed record NewToken(string Token, AccessTokenInfo Info);

/// <summary>A person's access tokens, the newest first.</summary>
public sealed record TokenList(IReadOnlyList<AccessTokenInfo> Tokens);

/// <summary>What a one-time link is for: <c>recovery</c> sets a new password; <c>device</c> signs another device in.</summary>
public enum LinkKind { Recovery, Device }

/// <summary>A link that was just made. It works once, until <paramref name="ExpiresAt"/>.</summary>
/// <param name="Token">The secret, shown this once; the page for it is <c>/link#</c> and the secret.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record NewLink(string Token, LinkKind Kind, DateTimeOffset ExpiresAt);

/// <summary><c>POST /api/v1/links/look</c>: whose link it is and what for.</summary>
public sealed record LinkBody(string? Token);

/// <summary>What a link is for, before it is used.</summary>
public sealed record LinkInfo(LinkKind Kind, string Username, string DisplayName, DateTimeOffset ExpiresAt);

/// <summary><c>POST /api/v1/links/use</c>: signs in; the link is spent.</summary>
/// <param name="Token">The secret.</param>
/// <param name="Password">The new password, for a <c>recovery</c> link.</param>
/// <param name="Bearer">As at sign-in.</param>
public sealed record UseLinkBody(string? Token, string? Password = null, bool Bearer = false);

/// <summary><c>DELETE /api/v1/me</c>: the account is gone for good.</summary>
/// <param name="Password">As a proof that it is meant.</param>
/// <param name="RemoveMessages">Whether one's messages are deleted; otherwise they stay, under nobody's name.</param>
public sealed record DeleteAccountBody(string? Password, bool RemoveMessages = false);

/// <summary><c>POST /api/v1/invitations</c>: an administrator makes an invitation.</summary>
/// <param name="Role"><c>member</c> or <c>guest</c>.</param>
/// <param name="RoomIds">Rooms that who comes by it is in besides General; a guest is in these alone. At most 50.</param>
/// <param name="ExpiresInHours">1 to 8,760; absent: it does not expire.</param>
/// <param name="MaxUses">1 to 100,000; absent: as often as wanted.</param>
/// <param name="Note">Up to 100 characters, for the list.</param>
public sealed record NewInvitationBody(
    Role? Role = null, IReadOnlyList<long>? RoomIds = null, long? ExpiresInHours = null, long? MaxUses = null, string? Note = null);

/// <summary>An invitation, without its secret.</summary>
/// <param name="Id">For revoking it.</param>
/// <param name="CreatorId">Who made it.</param>
/// <param name="Role">What who comes by it becomes.</param>
/// <param name="RoomIds">Where who comes by it is.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends; null: it does not.</param>
/// <param name="MaxUses">How often it can be used; null: as often as wanted.</param>
/// <param name="Uses">How often it was used.</param>
/// <param name="RevokedAt">When it was revoked; null: it was not.</param>
/// <param name="Note">What it is for; null: not said.</param>
/// <param name="PeopleIds">Who came by it.</param>
public sealed record InvitationInfo(
    long Id, long CreatorId, Role Role, IReadOnlyList<long> RoomIds, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, long? MaxUses,
    long Uses, DateTimeOffset? RevokedAt, string? Note, IReadOnlyList<long> PeopleIds);

/// <summary>An invitation that was just made.</summary>
/// <param name="Token">The secret, shown this once; the page for it is <c>/invitation#</c> and the secret.</param>
/// <param name="Info">The rest.</param>
public sealed record NewInvitation(string Token, InvitationInfo Info);

/// <summary>All invitations, the newest first.</summary>
public sealed record InvitationList(IReadOnlyList<InvitationInfo> Invitations);

/// <summary><c>POST /api/v1/invitations/look</c> and <c>/accept</c>.</summary>
public sealed record InvitationBody(string? Token);

/// <summary>What an invitation offers, for who holds it.</summary>
/// <param name="ServerName">Where it leads.</param>
/// <param name="InvitedBy">The display name of who made it.</param>
/// <param name="Role">What one becomes by it.</param>
/// <param name="RoomNames">The rooms one is in by it, General not counted.</param>
/// <param name="ExpiresAt">When it ends; null: it does not.</param>
public sealed record InvitationOffer(
    string ServerName, string InvitedBy, Role Role, IReadOnlyList<string> RoomNames, DateTimeOffset? ExpiresAt);
