using System.Text.Json.Nodes;

namespace Olha.Generate;

/// <summary>What of one OpenAPI document a client that was written for an earlier one cannot rely on any more.</summary>
/// <remarks>New paths, fields of answers and optional fields of bodies are no break: clients ignore what they do not know. Descriptions and
/// examples are nobody's business.</remarks>
public sealed class BreakingChanges
{
    readonly JsonNode _before, _now;
    readonly List<string> _breaks = [];
    readonly HashSet<(string Schema, bool IsAnswer)> _seen = [];

    BreakingChanges(JsonNode before, JsonNode now) => (_before, _now) = (before, now);

    /// <returns>A line each; empty: everything that worked works.</returns>
    public static IReadOnlyList<string> Between(string before, string now)
    {
        var both = new BreakingChanges(JsonNode.Parse(before)!, JsonNode.Parse(now)!);
        both.Paths();
        return both._breaks;
    }

    void Paths()
    {
        foreach (var (path, operations) in Fields(_before["paths"]))
        {
            if (_now["paths"]?[path] is not { } others)
            {
                _breaks.Add($"{path} is gone");
                continue;
            }
            foreach (var (method, operation) in Fields(operations))
            {
                var name = $"{method.ToUpperInvariant()} {path}";
                if (others[method] is { } other) Operation(name, operation!, other);
                else _breaks.Add($"{name} is gone");
            }
        }
    }

    void Operation(string name, JsonNode before, JsonNode now)
    {
        Parameters(name, before, now);
        if (before["security"] is null && now["security"] is not null) _breaks.Add($"{name} asks for a session now");
        if (now["requestBody"] is { } body)
        {
            if (IsTrue(body["required"]) && !IsTrue(before["requestBody"]?["required"])) _breaks.Add($"{name} asks for a body now");
            Contents($"{name}: body", before["requestBody"]?["content"], body["content"], isAnswer: false);
        }
        foreach (var (status, answer) in Fields(before["responses"]))
        {
            if (now["responses"]?[status] is { } other) Contents($"{name}: {status}", answer!["content"], other["content"], isAnswer: true);
            else if (status[0] == '2') _breaks.Add($"{name} never answers {status} any more");
        }
    }

    void Parameters(string name, JsonNode before, JsonNode now)
    {
        static (string? In, string Name) KeyOf(JsonNode parameter) => ((string?)parameter["in"], (string)parameter["name"]!);
        var (then, today) = (Items(before["parameters"]).ToDictionary(KeyOf), Items(now["parameters"]).ToDictionary(KeyOf));
        foreach (var (key, parameter) in then)
            if (today.TryGetValue(key, out var other)) Schema($"{name}: {key.In} parameter {key.Name}", parameter["schema"], other["schema"], isAnswer: false);
            else _breaks.Add($"{name} knows no {key.In} parameter {key.Name} any more");
        foreach (var (key, parameter) in today)
            if (IsTrue(parameter["required"]) && !(then.TryGetValue(key, out var other) && IsTrue(other["required"])))
                _breaks.Add($"{name} asks for the {key.In} parameter {key.Name} now");
    }

    void Contents(string name, JsonNode? before, JsonNode? now, bool isAnswer)
    {
        foreach (var (type, content) in Fields(before))
            if (now?[type] is { } other) Schema(name, content!["schema"], other["schema"], isAnswer);
            else _breaks.Add($"{name} is no {type} any more");
    }

    void Schema(string name, JsonNode? before, JsonNode? now, bool isAnswer)
    {
        if (before is null || now is null) return;
        if (Reference(before) is { } schema)
        {
            if (!_seen.Add((schema, isAnswer))) return;
            name = schema;
        }
        (before, now) = (Resolve(_before, before), Resolve(_now, now));
        if (TypeOf(before) != TypeOf(now))
        {
            _breaks.Add($"{name} is {TypeOf(now)} instead of {TypeOf(before)}");
            return;
        }

        var words = Items(now["enum"]).Select(word => word.ToJsonString()).ToHashSet();
        foreach (var word in Items(before["enum"]))
            if (!words.Contains(word.ToJsonString())) _breaks.Add($"{name} knows no {word} any more");
        Properties(name, before, now, isAnswer);
        Schema($"{name}[]", before["items"], now["items"], isAnswer);
        if (before["additionalProperties"] is JsonObject values) Schema($"{name}.*", values, now["additionalProperties"], isAnswer);
        Forms(name, before, now, isAnswer);
    }

    void Properties(string name, JsonNode before, JsonNode now, bool isAnswer)
    {
        var (then, today) = (Names(before), Names(now));
        foreach (var (field, form) in Fields(before["properties"]))
        {
            if (now["properties"]?[field] is not { } other) _breaks.Add($"{name}.{field} is gone");
            else
            {
                Schema($"{name}.{field}", form, other, isAnswer);
                if (isAnswer && then.Contains(field) && !today.Contains(field)) _breaks.Add($"{name}.{field} may be absent now");
            }
        }
        if (isAnswer) return;
        foreach (var field in today.Except(then)) _breaks.Add($"{name}.{field} is asked for now");
    }

    // The forms that one thing may have, each by its name, as an answer with a `type` has them.
    void Forms(string name, JsonNode before, JsonNode now, bool isAnswer)
    {
        var today = Alternatives(now).ToLookup(Reference);
        foreach (var form in Alternatives(before))
            if (today[Reference(form)].FirstOrDefault() is { } other) Schema(name, form, other, isAnswer);
            else _breaks.Add($"{name} has no form {Reference(form)} any more");
    }

    static IEnumerable<JsonNode> Alternatives(JsonNode schema) => Items(schema["oneOf"]).Concat(Items(schema["anyOf"]));

    static string? Reference(JsonNode schema) => ((string?)schema["$ref"])?.Split('/')[^1];

    static JsonNode Resolve(JsonNode document, JsonNode schema) =>
        Reference(schema) is { } name ? document["components"]!["schemas"]![name]! : schema;

    static string TypeOf(JsonNode schema) => $"{schema["type"]?.ToJsonString() ?? "anything"}{(schema["format"] is { } format ? $" ({format})" : "")}";

    static HashSet<string> Names(JsonNode schema) => [.. Items(schema["required"]).Select(name => (string)name!)];

    static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonNode? node) => node as JsonObject ?? [];

    static IEnumerable<JsonNode> Items(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonNode>();

    static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool yes) && yes;
}
