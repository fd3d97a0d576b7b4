using System.Text.Json;

namespace Olha.Proof;

/// <summary>A frame about a room, read as far as its place in the stream: of ten thousands a second not more is needed.</summary>
/// <param name="RoomId">The room.</param>
/// <param name="Rev">Its revision.</param>
/// <param name="Id">The message's; 0: it is about something else.</param>
/// <param name="Seq">The message's.</param>
/// <param name="Post">The number in the message's cid; -1: none of ours.</param>
internal readonly record struct LightFrame(long RoomId, long Rev, long Id, long Seq, int Post)
{
    /// <summary>The word in <c>{"type":"word"</c>, which the server writes first; empty: it did not.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("{\"type\":\""u8)) return default;
        var word = text[9..];
        return word.IndexOf((byte)'"') is var end and >= 0 ? word[..end] : default;
    }

    /// <summary>Reads a <c>message</c>, <c>member</c> or <c>room</c>.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static LightFrame Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        reader.Read();
        return Read(ref reader);
    }

    /// <summary>Reads one that begins where the reader stands.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static LightFrame Read(ref Utf8JsonReader reader)
    {
        long roomId = 0, rev = 0, id = 0, seq = 0;
        var post = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("roomId"u8)) roomId = Number(ref reader);
            else if (reader.ValueTextEquals("rev"u8)) rev = Number(ref reader);
            else if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (reader.ValueTextEquals("id"u8)) id = Number(ref reader);
                    else if (reader.ValueTextEquals("seq"u8)) seq = Number(ref reader);
                    else if (reader.ValueTextEquals("cid"u8))
                    {
                        reader.Read();
                        post = Talk.PostOf(reader.ValueSpan);
                    }
                    else reader.Skip();
                }
            }
            else reader.Skip();
        }
        return new(roomId, rev, id, seq, post);
    }

    internal static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }
}
