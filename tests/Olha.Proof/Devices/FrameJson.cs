using System.Text.Json;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>Reads what comes over a socket.</summary>
internal static class FrameJson
{
    static readonly HashSet<string> s_changes =
        ["message", "room", "member", "place", "saved", "draft", "person", "settings"];

    /// <returns>A <see cref="ServerFrame"/> or a <see cref="Change"/>.</returns>
    /// <exception cref="JsonException">It is none of the protocol's frames.</exception>
    public static object Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return s_changes.Contains(TypeOf(text))
                ? JsonSerializer.Deserialize(text, ProtocolJson.Wire.Change)!
                : JsonSerializer.Deserialize(text, ProtocolJson.Wire.ServerFrame)!;
        }
        catch (Exception cause) when (cause is NotSupportedException or InvalidOperationException)
        {
            throw new JsonException(cause.Message, cause);
        }
    }

    /// <summary>The stream of a room that the change belongs to; null: another stream.</summary>
    public static long? RoomOf(Change change) => change switch
    {
        MessageChange it => it.RoomId,
        RoomChange it => it.RoomId,
        MemberChange it => it.RoomId,
        _ => null,
    };

    static string TypeOf(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("A frame is an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType) return reader.GetString() ?? "";
            reader.Skip();
        }
        throw new JsonException("A frame has a type.");
    }
}
