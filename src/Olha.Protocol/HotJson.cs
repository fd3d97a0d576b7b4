using System.Text.Json;

namespace Olha.Protocol;

/// <summary>The three forms of which there are tens of thousands a second, by hand: the same bytes and the same readings as
/// <see cref="ProtocolJson"/>'s, at a fraction of the price. A test holds the two against each other.</summary>
public static class HotJson
{
    static readonly JsonEncodedText s_type = JsonEncodedText.Encode("type"), s_message = JsonEncodedText.Encode("message"),
        s_roomId = JsonEncodedText.Encode("roomId"), s_rev = JsonEncodedText.Encode("rev"), s_id = JsonEncodedText.Encode("id"),
        s_seq = JsonEncodedText.Encode("seq"), s_authorId = JsonEncodedText.Encode("authorId"), s_cid = JsonEncodedText.Encode("cid"),
        s_kind = JsonEncodedText.Encode("kind"), s_text = JsonEncodedText.Encode("text"), s_body = JsonEncodedText.Encode("body"),
        s_createdAt = JsonEncodedText.Encode("createdAt"), s_ack = JsonEncodedText.Encode("ack"),
        s_duplicate = JsonEncodedText.Encode("duplicate");

    /// <summary>Writes a new text's change; false: it is another change, or a text with more to it, and nothing was written.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, Change change)
    {
        if (change is not MessageChange { Message: { Kind: MessageKind.Text, EditedAt: null, DeletedAt: null } message }
            || message is not { ReplyTo: null, Mentions: null, Reactions: null, PinnedAt: null, PinnedBy: null }) return false;
        writer.WriteStartObject();
        writer.WriteString(s_type, s_message);
        writer.WriteNumber(s_roomId, ((MessageChange)change).RoomId);
        writer.WriteStartObject(s_message);
        writer.WriteNumber(s_id, message.Id);
        writer.WriteNumber(s_roomId, message.RoomId);
        writer.WriteNumber(s_seq, message.Seq);
        writer.WriteNumber(s_rev, message.Rev);
        writer.WriteNumber(s_authorId, message.AuthorId);
        if (message.Cid is not null) writer.WriteString(s_cid, message.Cid);
        writer.WriteString(s_kind, s_text);
        if (message.Body is not null) writer.WriteString(s_body, message.Body);
        WriteTime(writer, message.CreatedAt);
        writer.WriteEndObject();
        writer.WriteNumber(s_rev, change.Rev);
        writer.WriteEndObject();
        return true;
    }

    /// <summary>Writes an acknowledgement.</summary>
    public static void Write(Utf8JsonWriter writer, Ack ack)
    {
        writer.WriteStartObject();
        writer.WriteString(s_type, s_ack);
        writer.WriteString(s_cid, ack.Cid);
        writer.WriteNumber(s_roomId, ack.RoomId);
        writer.WriteNumber(s_id, ack.Id);
        writer.WriteNumber(s_seq, ack.Seq);
        WriteTime(writer, ack.CreatedAt);
        writer.WriteBoolean(s_duplicate, ack.Duplicate);
        writer.WriteEndObject();
    }

    /// <summary>Reads a post as a client of ours writes it. Null: it is something else, or looks unusual; whoever asks reads it the
    /// long way.</summary>
    public static Post? TryReadPost(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        long? roomId = null;
        string? cid = null, body = null;
        var isPost = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8) && !isPost)
            {
                if (!IsText(ref reader) || !reader.ValueTextEquals("post"u8)) return null;
                isPost = true;
            }
            else if (reader.ValueTextEquals("roomId"u8) && roomId is null)
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var id)) return null;
                roomId = id;
            }
            else if (reader.ValueTextEquals("cid"u8) && cid is null)
            {
                if (!IsText(ref reader)) return null;
                cid = reader.GetString();
            }
            else if (reader.ValueTextEquals("body"u8) && body is null)
            {
                if (!IsText(ref reader)) return null;
                body = reader.GetString();
            }
            else return null;
        }
        // What is there once and of the right kind; whatever is not, or comes after the end, is for the other reader to judge.
        return isPost && roomId is { } room && cid is not null && body is not null && reader.TokenType == JsonTokenType.EndObject && !reader.Read()
            ? new Post(room, cid, body)
            : null;
    }

    static bool IsText(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String;

    static void WriteTime(Utf8JsonWriter writer, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[UtcTimeConverter.Length];
        UtcTimeConverter.Format(time, text);
        writer.WriteString(s_createdAt, text);
    }
}
