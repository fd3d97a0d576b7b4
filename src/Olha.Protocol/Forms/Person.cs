namespace Olha.Protocol;

/// <summary>What a person may do on this server.</summary>
public enum Role { Owner, Member }

/// <summary>Somebody with an account, as everybody sees them.</summary>
/// <param name="Id">Never reused.</param>
/// <param name="Username">Permanent; 2-32 letters and digits of any script, <c>_ . -</c> (older for adopted accounts).</param>
/// <param name="DisplayName">Free text, 1-64 characters.</param>
/// <param name="Color"><c>#rrggbb</c>, readable on light and dark; unique until the palette is spent.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Rev">The server stream's revision that gave this its present form.</param>
/// <param name="Status">What they say of themselves just now, 1-100 characters on one line; null: nothing.</param>
public sealed record Person(long Id, string Username, string DisplayName, string Color, Role Role, long Rev, string? Status = null);

/// <summary>Whether somebody is here: <c>away</c> is connected, but not active on any device.</summary>
public enum PresenceState { Online, Away, Offline }

/// <summary>What belongs to the whole server and may change.</summary>
/// <param name="Name">The server's name, as the sign-in page and the window title show it.</param>
/// <param name="Receipts">Whether people see who has seen a message; off until the owner turns it on.</param>
/// <param name="Rev">The server stream's revision that gave this its present form.</param>
public sealed record ServerSettings(string Name, bool Receipts, long Rev);
