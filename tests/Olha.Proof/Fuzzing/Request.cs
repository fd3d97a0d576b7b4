using System.Text;

namespace Olha.Proof;

/// <summary>A request as it goes over the wire.</summary>
/// <param name="Route">What it is made from.</param>
/// <param name="Wild">Whether address or method may lead elsewhere: then only what holds everywhere is judged.</param>
/// <param name="Method">Its method.</param>
/// <param name="Target">Its path and query, as they are written.</param>
/// <param name="Headers">Besides <c>Host</c> and <c>Content-Length</c>.</param>
/// <param name="Body">Null: none.</param>
internal sealed record Request(Route Route, bool Wild, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    public byte[] ToBytes(Uri server, (string Name, string Value)? who)
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {server.Authority}\r\n");
        foreach (var (name, value) in who is { } me ? Headers.Append(me) : Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (Body is not null) head.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Body ?? []];
    }

    /// <summary>What is wrong with an answer; null: nothing.</summary>
    public string? WhyNot(HttpAnswer answer)
    {
        var type = answer["Content-Type"] ?? "";
        if (answer.Status >= 400)
        {
            if (type.StartsWith("application/problem+json", StringComparison.Ordinal))
                return Method == "HEAD" ? null : answer.Status == 500 ? "status 500" : Documented.Problem(answer.Status, answer.Body);
            // What is no HTTP is turned away before anything of ours sees it; and outside of the interface an address may lead nowhere.
            var unread = answer["Connection"] == "close" && answer.Status is 400 or 408 or 413 or 414 or 431;
            return answer.Status < 500 && (unread || Wild) && (answer.Body.Length == 0 || !Target.Contains("/api", StringComparison.OrdinalIgnoreCase))
                ? null : $"status {answer.Status} as '{type}' with {answer.Body.Length} bytes";
        }
        if (Wild) return answer.Status is 200 or 201 or 204 or 302 or 304 ? null : $"status {answer.Status}";
        if (!Route.Answers.TryGetValue(answer.Status, out var schema)) return $"status {answer.Status}, which {Route.Method} {Route.Path} does not document";
        if (schema is not { } form) return answer.Body.Length == 0 ? null : "a body where none is documented";
        if (!type.StartsWith("application/json", StringComparison.Ordinal)) return $"a success as '{type}'";
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(answer.Body);
            return Routes.WhyNot(json.RootElement, form) is { } wrong ? $"an answer of {Route.Method} {Route.Path} whose {wrong}" : null;
        }
        catch (System.Text.Json.JsonException unsound)
        {
            return $"an answer that is no JSON: {unsound.Message}";
        }
    }
}
