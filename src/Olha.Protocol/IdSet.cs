using System.Buffers.Text;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olha.Protocol;

/// <summary>Ids that many are told alike: written as JSON once, and copied from then on.</summary>
/// <param name="ids">What is in it; not to be changed any more.</param>
/// <param name="more">One more id, of this list alone.</param>
[JsonConverter(typeof(IdSetConverter))]
public sealed class IdSet(IReadOnlyCollection<long> ids, long? more = null) : IReadOnlyCollection<long>
{
    readonly Lazy<byte[]> _json = new(() => Write(ids), LazyThreadSafetyMode.PublicationOnly);

    IdSet(IdSet shared, long more) : this(shared, (long?)more) => _json = shared._json;

    public static IdSet Empty { get; } = new([]);

    public int Count => ids.Count + (more is null ? 0 : 1);

    /// <summary>The same and one more, without a copy.</summary>
    public IdSet With(long id) => new(this, id);

    public IEnumerator<long> GetEnumerator() => (more is { } id ? ids.Append(id) : ids).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void WriteTo(Utf8JsonWriter writer)
    {
        ReadOnlySpan<byte> json = _json.Value;
        if (more is not { } id)
        {
            writer.WriteRawValue(json, skipInputValidation: true);
            return;
        }
        var longer = new byte[json.Length + 21];
        json.CopyTo(longer);
        var at = json.Length - 1; // over the bracket
        if (json.Length > 2) longer[at++] = (byte)',';
        Utf8Formatter.TryFormat(id, longer.AsSpan(at), out var digits);
        longer[at + digits] = (byte)']';
        writer.WriteRawValue(longer.AsSpan(0, at + digits + 1), skipInputValidation: true);
    }

    static byte[] Write(IReadOnlyCollection<long> ids)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartArray();
            foreach (var id in ids) writer.WriteNumberValue(id);
            writer.WriteEndArray();
        }
        return bytes.ToArray();
    }
}

/// <summary>An array of numbers.</summary>
sealed class IdSetConverter : JsonConverter<IdSet>
{
    public override IdSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var ids = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ids.Add(reader.GetInt64());
        return new IdSet(ids);
    }

    public override void Write(Utf8JsonWriter writer, IdSet value, JsonSerializerOptions options) => value.WriteTo(writer);
}
