using System.Text.Json;

namespace Olha.Proof;

/// <summary>A range of a room's stream, read as far as a light device needs: thousands of its bodies would be garbage, and collecting that
/// would be measured as the server's delay.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Complete">Everything up to this revision is in.</param>
/// <param name="Changes">In their order.</param>
internal readonly record struct LightRange(long RoomId, long Complete, IReadOnlyList<LightFrame> Changes)
{
    /// <summary>Reads a <c>changes</c> frame, or the answer that has the same form.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static LightRange Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        long roomId = 0, complete = 0;
        var changes = new List<LightFrame>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("roomId"u8)) roomId = LightFrame.Number(ref reader);
            else if (reader.ValueTextEquals("complete"u8)) complete = LightFrame.Number(ref reader);
            else if (reader.ValueTextEquals("changes"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) changes.Add(LightFrame.Read(ref reader));
            }
            else reader.Skip();
        }
        return new(roomId, complete, changes);
    }
}
