using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Live;

namespace Olha.Server.Gateway;

/// <summary>A message as the original told it: these six fields.</summary>
internal sealed record OriginalChat(string Type, long UserId, string Username, string Content, DateTimeOffset Timestamp, string Color);

/// <summary>What the house says, to all or to one.</summary>
internal sealed record OriginalNotification(string Type, string Content, DateTimeOffset Timestamp, string Color);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OriginalChat))]
[JsonSerializable(typeof(OriginalNotification))]
internal sealed partial class OriginalJson : JsonSerializerContext
{
    public static OriginalJson Wire { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new UtcTimeConverter() },
    });
}

/// <summary>The frames of the original's door.</summary>
internal static class OriginalFrames
{
    /// <summary>Readable on light and on dark.</summary>
    const string HouseColor = "#7a7a7a";

    public static Frame Chat(long userId, string username, string content, DateTimeOffset at, string color) =>
        Frame.Text(JsonSerializer.SerializeToUtf8Bytes(
            new OriginalChat("Chat", userId, username, content, at, color), OriginalJson.Wire.OriginalChat), Topics.Original);

    public static Frame Notification(string content, DateTimeOffset at) =>
        Frame.Text(JsonSerializer.SerializeToUtf8Bytes(
            new OriginalNotification("Notification", content, at, HouseColor), OriginalJson.Wire.OriginalNotification), Topics.Original);
}
