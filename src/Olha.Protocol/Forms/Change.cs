using System.Text.Json.Serialization;

namespace Olha.Protocol;

/// <summary>One change: the thing's current form with its stream's revision. As a frame it travels alone, in answers in lists.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageChange), "message")]
[JsonDerivedType(typeof(RoomChange), "room")]
[JsonDerivedType(typeof(MemberChange), "member")]
[JsonDerivedType(typeof(PlaceChange), "place")]
[JsonDerivedType(typeof(SavedChange), "saved")]
[JsonDerivedType(typeof(DraftChange), "draft")]
[JsonDerivedType(typeof(PersonChange), "person")]
[JsonDerivedType(typeof(SettingsChange), "settings")]
public abstract record Change(long Rev);

/// <summary>Room stream: a message was posted, or has another form: edited, deleted, reacted to, pinned.</summary>
public sealed record MessageChange(long RoomId, long Rev, Message Message) : Change(Rev);

/// <summary>Room stream: name, topic, archive or first kept message changed.</summary>
public sealed record RoomChange(long RoomId, long Rev, Room Room) : Change(Rev);

/// <summary>Room stream: somebody came or went.</summary>
public sealed record MemberChange(long RoomId, long Rev, Member Member) : Change(Rev);

/// <summary>Person stream: an own membership, read mark or level.</summary>
public sealed record PlaceChange(long Rev, Place Place) : Change(Rev);

/// <summary>Person stream: a message was saved for later, or no longer is.</summary>
public sealed record SavedChange(long Rev, SavedMessage Saved) : Change(Rev);

/// <summary>Person stream: what the person has begun to write in a room.</summary>
public sealed record DraftChange(long Rev, RoomDraft Draft) : Change(Rev);

/// <summary>Server stream: somebody new, or their name changed.</summary>
public sealed record PersonChange(long Rev, Person Person) : Change(Rev);

/// <summary>Server stream: the server's own settings.</summary>
public sealed record SettingsChange(long Rev, ServerSettings Settings) : Change(Rev);
