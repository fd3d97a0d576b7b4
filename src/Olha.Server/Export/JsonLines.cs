using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Olha.Server.Export;

/// <summary>A file of JSON objects, one a line, each with one field that says what it is.</summary>
internal sealed class JsonLines(Stream to) : IDisposable
{
    public static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly ArrayBufferWriter<byte> _line = new();
    readonly Utf8JsonWriter _json = new(Stream.Null, Form);

    public void Add<T>(string what, T value, JsonTypeInfo<T> form)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WritePropertyName(what);
        JsonSerializer.Serialize(_json, value, form);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        to.Write(_line.WrittenSpan);
    }

    public void Dispose()
    {
        _json.Dispose();
        to.Dispose();
    }
}
