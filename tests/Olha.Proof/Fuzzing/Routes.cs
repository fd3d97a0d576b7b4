using System.Text.Json;

namespace Olha.Proof;

/// <summary>An operation of the interface, as docs/openapi.json describes it.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Query">Names and types of what may stand in the query.</param>
/// <param name="Body">The schema of its body; null: none is read.</param>
/// <param name="Answers">The schema of each answer that is a success; null: an answer without a body.</param>
internal sealed record Route(
    string Method, string Path, IReadOnlyList<(string Name, string Type)> Query, JsonElement? Body, IReadOnlyDictionary<int, JsonElement?> Answers);

/// <summary>The interface's description.</summary>
internal static class Routes
{
    static readonly JsonElement s_document = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Programs.Root, "docs", "openapi.json"))).RootElement;

    public static IReadOnlyList<Route> All { get; } =
    [
        .. from path in s_document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select Read(operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    /// <summary>What a schema is once its reference is followed.</summary>
    public static JsonElement Follow(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? s_document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;

    /// <summary>Where a value is not what its schema says; null: nowhere.</summary>
    public static string? WhyNot(JsonElement value, JsonElement schema, string at = "")
    {
        schema = Follow(schema);
        if (schema.TryGetProperty("anyOf", out var any)) return any.EnumerateArray().Any(one => WhyNot(value, one) is null) ? null : $"{at} is none of its forms";
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value))) return $"{at} is no word of its list";
        if (schema.TryGetProperty("type", out var type) && !IsOf(type.GetString()!, value)) return $"{at} is no {type}";
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            return value.EnumerateArray().Select((item, i) => WhyNot(item, items, $"{at}[{i}]")).FirstOrDefault(static wrong => wrong is not null);
        if (value.ValueKind != JsonValueKind.Object) return null;

        if (schema.TryGetProperty("required", out var required) && required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) is { ValueKind: JsonValueKind.String } absent)
            return $"{at}.{absent} is missing";
        if (!schema.TryGetProperty("properties", out var properties)) return null;
        foreach (var field in value.EnumerateObject())
        {
            if (!properties.TryGetProperty(field.Name, out var form)) return $"{at}.{field.Name} stands in no document";
            if (WhyNot(field.Value, form, $"{at}.{field.Name}") is { } wrong) return wrong;
        }
        return null;
    }

    static bool IsOf(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value.TryGetInt64(out _),
        ("number", JsonValueKind.Number) => true,
        _ => false,
    };

    static Route Read(string method, string path, JsonElement operation)
    {
        var query = new List<(string, string)>();
        if (operation.TryGetProperty("parameters", out var parameters))
            foreach (var one in parameters.EnumerateArray().Where(static it => it.GetProperty("in").GetString() == "query"))
                query.Add((one.GetProperty("name").GetString()!, Type(one.GetProperty("schema"))));
        var body = operation.TryGetProperty("requestBody", out var content) ? Json(content) : null;
        var answers = operation.GetProperty("responses").EnumerateObject().Where(static it => it.Name[0] == '2').ToDictionary(static it => int.Parse(it.Name), static it => Json(it.Value));
        return new Route(method, path, query, body, answers);
    }

    static string Type(JsonElement schema) => schema.TryGetProperty("format", out var format) ? format.GetString()! : schema.GetProperty("type").GetString()!;

    static JsonElement? Json(JsonElement with) =>
        with.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json) && json.TryGetProperty("schema", out var schema) ? Follow(schema) : null;
}
