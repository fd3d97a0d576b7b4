namespace Olha.Protocol;

/// <summary>What a person may do on this server: <c>owner</c> everything; <c>admin</c> everything but to change owners and admins;
/// <c>member</c> talk and make rooms; <c>guest</c> talk in the rooms they were invited to, and know of no others.</summary>
public enum Role { Owner, Admin, Member, Guest }

/// <summary>Whether somebody can still come in: <c>disabled</c> may be let in again, <c>banned</c> was sent away, <c>deleted</c> is gone
/// for good and has no name any more.</summary>
public enum PersonState { Active, Disabled, Banned, Deleted }

/// <summary>Somebody with an account, as everybody sees them.</summary>
/// <param name="Id">Never reused.</param>
/// <param name="Username">Permanent; 2-32 letters and digits of any script, <c>_ . -</c> (older for adopted accounts).</param>
/// <param name="DisplayName">Free text, 1-64 characters.</param>
/// <param name="Color"><c>#rrggbb</c>, readable on light and dark; unique until the palette is spent.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Rev">The server stream's revision that gave this its present form.</param>
/// <param name="Status">What they say of themselves just now, 1-100 characters on one line; null: nothing.</param>
/// <param name="State">Whether they can still come in; null: they can.</param>
/// <param name="Pronouns">1-40 characters, or null.</param>
/// <param name="TimeZone">The name of their time zone in the IANA database (<c>America/Sao_Paulo</c>), or null.</param>
public sealed record Person(
    long Id, string Username, string DisplayName, string Color, Role Role, long Rev, string? Status = null, PersonState? State = null,
    string? Pronouns = null, string? TimeZone = null);

/// <summary>Whether somebody is here: <c>away</c> is connected, but not active on any device.</summary>
public enum PresenceState { Online, Away, Offline }

/// <summary>What belongs to the whole server and may change.</summary>
/// <param name="Name">The server's name, as the sign-in page and the window title show it.</param>
/// <param name="Receipts">Whether people see who has seen a message; off until the owner turns it on.</param>
/// <param name="Rev">The server stream's revision that gave this its present form.</param>
/// <param name="Registration">Who may make an account.</param>
/// <param name="MessageLength">Characters of one message; 0: no limit.</param>
/// <param name="MessagesPerMinute">Messages a minute that a person may post over time; 0: no limit.</param>
/// <param name="RetentionDays">After so many days messages are removed, in rooms that say nothing else; null: never.</param>
public sealed record ServerSettings(
    string Name, bool Receipts, long Rev, Registration Registration, long MessageLength, long MessagesPerMinute, long? RetentionDays = null);

/// <summary>Who may make an account: anybody, who has an invitation, nobody.</summary>
public enum Registration { Open, Invite, Closed }
