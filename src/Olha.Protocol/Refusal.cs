using System.Collections.Frozen;

namespace Olha.Protocol;

/// <summary>Why something was not done: a stable code for programs, a sentence for people.</summary>
/// <param name="Code">Stable for ever.</param>
/// <param name="Status">The HTTP status it becomes.</param>
/// <param name="Detail">An English sentence: what happened and what to do.</param>
/// <param name="Retry">Whether asking again unchanged can succeed.</param>
public sealed record Refusal(string Code, int Status, string Detail, bool Retry = false)
{
    /// <summary>Figures that belong to the code.</summary>
    public IReadOnlyDictionary<string, long>? Params { get; init; }

    /// <summary>When to ask again, from now.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Refusal With(string name, long value) =>
        this with { Params = new Dictionary<string, long>(Params ?? FrozenDictionary<string, long>.Empty) { [name] = value } };

    // 400: unsound
    public static readonly Refusal InvalidJson = new("invalid_json", 400, "This is not the JSON that is expected here.");
    public static readonly Refusal InvalidField = new("invalid_field", 400, "A field is missing or has a wrong type or value.");
    public static readonly Refusal UnknownType = new("unknown_type", 400, "There is no frame of this type.");
    public static readonly Refusal InvalidCid = new("invalid_cid", 400, "cid must be 1 to 64 of A-Z a-z 0-9 _ and -.");
    public static readonly Refusal InvalidText = new("invalid_text", 400, "The text holds characters that cannot be shown.");
    public static readonly Refusal EmptyText = new("empty_text", 400, "There is nothing to send.");
    public static readonly Refusal TooLong = new("too_long", 400, "The text is too long.");
    public static readonly Refusal InvalidUsername = new("invalid_username", 400,
        "A user name is 2 to 32 letters, digits, and _ . - (no accents made of two signs).");
    public static readonly Refusal InvalidPassword = new("invalid_password", 400, "A password has at least 8 characters and at most 72 bytes.");
    public static readonly Refusal CommonPassword = new("common_password", 400, "This password is one of the first that are guessed. Choose another one.");
    public static readonly Refusal InvalidName = new("invalid_name", 400, "A name has 1 to 64 characters that can be shown.");
    public static readonly Refusal InvalidStatus = new("invalid_status", 400, "A status has at most 100 characters that can be shown, on one line.");
    public static readonly Refusal InvalidTopic = new("invalid_topic", 400, "A topic has at most 250 characters that can be shown.");
    public static readonly Refusal InvalidPeople = new("invalid_people", 400, "A direct room is for one to twenty people who exist.");
    public static readonly Refusal InvalidMark = new("invalid_mark", 400, "A read mark lies between 0 and the room's last message.");
    public static readonly Refusal InvalidReply = new("invalid_reply", 400, "There is no message to answer at this place.");
    public static readonly Refusal InvalidPronouns = new("invalid_pronouns", 400, "Pronouns have at most 40 characters that can be shown.");
    public static readonly Refusal InvalidTimeZone = new("invalid_time_zone", 400, "There is no time zone of this name.");
    public static readonly Refusal InvalidInvitation = new("invalid_invitation", 400, "This invitation is not valid any more. Ask for a new one.");
    public static readonly Refusal InvalidLink = new("invalid_link", 400, "This link is not valid any more. Ask for a new one.");
    public static readonly Refusal InvalidScopes = new("invalid_scopes", 400, "An access token has one or more of read, write and admin.");
    public static readonly Refusal InvalidReason = new("invalid_reason", 400, "A reason has at most 500 characters that can be shown.");
    public static readonly Refusal InvalidEmoji = new("invalid_emoji", 400, "A reaction is one emoji.");

    // 401
    public static readonly Refusal NoSession = new("no_session", 401, "Sign in first.");
    public static readonly Refusal WrongCredentials = new("wrong_credentials", 401, "The user name or the password is wrong.");

    // 403: visible, but not allowed
    public static readonly Refusal Forbidden = new("forbidden", 403, "You may not do this.");
    public static readonly Refusal Disabled = new("disabled", 403, "This account is disabled. Ask an administrator of this server.");
    public static readonly Refusal Banned = new("banned", 403, "This account was banned from this server.");
    public static readonly Refusal OutOfScope = new("out_of_scope", 403, "This access token may not do this.");
    public static readonly Refusal Locked = new("locked", 403, "The room is locked: only its moderators may speak.");
    public static readonly Refusal LastOwner = new("last_owner", 403, "The server must have an owner. Make somebody else one first.");
    public static readonly Refusal NotMember = new("not_member", 403, "Join the room first.");
    public static readonly Refusal NotYours = new("not_yours", 403, "Only who wrote the message may do this.");
    public static readonly Refusal ReceiptsOff = new("receipts_off", 403, "This server does not tell who has seen a message.");
    public static readonly Refusal Archived = new("archived", 403, "The room is archived: it can be read, not written.");
    public static readonly Refusal GeneralStays = new("general_stays", 403, "General can't be left, closed or archived: everybody is in it.");
    public static readonly Refusal DirectStays = new("direct_stays", 403, "The people of a direct room don't change.");
    public static readonly Refusal RegistrationClosed = new("registration_closed", 403, "New accounts are not open here.");
    public static readonly Refusal WrongOrigin = new("wrong_origin", 403, "This page may not speak to this server.");

    // 404
    public static readonly Refusal NotFound = new("not_found", 404, "There is no such thing, or you may not know of it.");

    // 405
    public static readonly Refusal WrongMethod = new("wrong_method", 405, "This address does not take this method.");

    // 409
    public static readonly Refusal UsernameTaken = new("username_taken", 409, "Somebody has this user name already.");
    public static readonly Refusal RoomNameTaken = new("room_name_taken", 409, "An open room has this name already.");
    public static readonly Refusal Conflict = new("conflict", 409, "This cid was used for another message.");
    public static readonly Refusal Deleted = new("deleted", 409, "The message was deleted.");
    public static readonly Refusal TooManyReactions = new("too_many_reactions", 409, "This message has as many different reactions as it can have.");
    public static readonly Refusal TooManyPins = new("too_many_pins", 409, "The room has as many pinned messages as it can have. Unpin one first.");
    public static readonly Refusal TooManySaved = new("too_many_saved", 409, "You have saved as many messages as you can. Let one go first.");
    public static readonly Refusal TooManyTokens = new("too_many_tokens", 409, "You have as many access tokens as you can have. Revoke one first.");
    public static readonly Refusal StaleMark = new("stale_mark", 409, "The read mark has moved since.");

    // 413, 415
    public static readonly Refusal TooBig = new("too_big", 413, "This is more than is accepted at once.");
    public static readonly Refusal NotJson = new("not_json", 415, "Send application/json.");

    // 426
    public static readonly Refusal NoUpgrade = new("no_upgrade", 426, "This address speaks WebSocket.");

    // 421
    public static readonly Refusal WrongHost = new("wrong_host", 421, "This server is not called that.");

    // 429, 500, 503
    public static readonly Refusal TooFast = new("too_fast", 429, "Too many in a short time. Wait a moment.", Retry: true);
    public static readonly Refusal SlowMode = new("slow_mode", 429, "The room is in slow mode. Wait a moment.", Retry: true);
    public static readonly Refusal TooManyConnections = new("too_many_connections", 429, "Too many connections at once.", Retry: true);
    public static readonly Refusal Broken = new("broken", 500, "Something went wrong here. It was written to the server's log.");
    public static readonly Refusal Unavailable = new("unavailable", 503, "The server can't do this right now. Try again.", Retry: true);
}
