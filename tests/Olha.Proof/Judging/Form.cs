using System.Text.Json;
using System.Text.Json.Nodes;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Which thing of a room's stream: a message by its <c>seq</c>, a membership by its person, the room's own row (0).</summary>
internal readonly record struct Thing(char Kind, long RoomId, long Number)
{
    public override string ToString() => Kind switch
    {
        'm' => $"message {RoomId}/{Number}",
        'p' => $"membership of {Number} in room {RoomId}",
        _ => $"room {RoomId}",
    };
}

/// <summary>One form of a thing, as somebody saw it.</summary>
/// <param name="At">When; never, when it is what is found at the end.</param>
/// <param name="Device">Who; -1: it was read at the end.</param>
/// <param name="Where">By what it came: a word for sentences.</param>
/// <param name="Thing">Of what.</param>
/// <param name="Rev">The revision that gave it this form.</param>
/// <param name="Message">The message; null: it is none.</param>
/// <param name="Text">All of it, as it travels.</param>
internal sealed record Form(long At, int Device, string Where, Thing Thing, long Rev, Message? Message, string Text)
{
    public static Form Of(long at, int device, string where, Message message) =>
        new(at, device, where, new Thing('m', message.RoomId, message.Seq), message.Rev, message, TextOf(message));

    public static Form Of(long at, int device, string where, Member member) =>
        new(at, device, where, new Thing('p', member.RoomId, member.UserId), member.Rev, null, TextOf(member));

    public static Form Of(long at, int device, string where, Room room) =>
        new(at, device, where, new Thing('r', room.Id, 0), room.Rev, null, TextOf(room));

    public static string TextOf(Message message) => JsonSerializer.Serialize(message, ProtocolJson.Wire.Message);

    public static string TextOf(Member member) => JsonSerializer.Serialize(member, ProtocolJson.Wire.Member);

    public static string TextOf(Room room) => JsonSerializer.Serialize(room, ProtocolJson.Wire.Room);

    /// <summary>In what two forms differ, as a part of a sentence.</summary>
    public static string Difference(string one, string other)
    {
        var (left, right) = (JsonNode.Parse(one)!.AsObject(), JsonNode.Parse(other)!.AsObject());
        var names = left.Select(static pair => pair.Key).Union(right.Select(static pair => pair.Key))
            .Where(name => !JsonNode.DeepEquals(left[name], right[name]));
        return string.Join(", ", names.Select(name => $"{name} {Short(left[name])} or {Short(right[name])}"));
    }

    static string Short(JsonNode? node) => node?.ToJsonString() switch
    {
        null => "nothing", { Length: > 60 } text => text[..60] + "…",
        var text => text,
    };
}
