using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Olha.Fanout;
using Olha.Protocol;

namespace Olha.Server.Live;

/// <summary>Makes frames of what travels.</summary>
/// <remarks>Hot path: once a change and once an acknowledgement. Each thread writes into a buffer of its own, so that nothing is
/// allocated but the frame, which a test holds. Bench: bench/Olha.Bench, EncodingBench.</remarks>
internal static class FrameEncoder
{
    /// <summary>A buffer that has grown beyond this, for somebody's starting state, is not kept.</summary>
    const int MostKept = 64 * 1024;

    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    static Utf8JsonWriter? s_writer;

    /// <summary>A frame for one socket, or for a topic once it is given one.</summary>
    public static Frame Encode(ServerFrame frame)
    {
        var writer = Begin();
        if (frame is Ack ack) HotJson.Write(writer, ack);
        else JsonSerializer.Serialize(writer, frame, ProtocolJson.Wire.ServerFrame);
        return End(writer);
    }

    public static Frame Encode(TopicId topic, Change change)
    {
        var writer = Begin();
        if (!HotJson.TryWrite(writer, change)) JsonSerializer.Serialize(writer, change, ProtocolJson.Wire.Change);
        return End(writer, topic, change.Rev, change);
    }

    static Utf8JsonWriter Begin()
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var writer = s_writer ??= new Utf8JsonWriter(buffer, s_options);
        writer.Reset(buffer);
        return writer;
    }

    static Frame End(Utf8JsonWriter writer, TopicId topic = default, long rev = 0, Change? origin = null)
    {
        writer.Flush();
        var frame = Frame.Text(s_buffer!.WrittenSpan, topic, rev, origin);
        if (s_buffer.Capacity > MostKept) s_buffer = null;
        return frame;
    }
}
