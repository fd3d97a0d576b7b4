using System.Text.Json;
using System.Text.Json.Serialization;
using Olha.Protocol;

namespace Olha.Proof;

/// <summary>What docs/protocol.md says that the server may answer.</summary>
internal static class Documented
{
    // A field that no document knows is a finding, so the client's leniency is off.
    static readonly JsonSerializerOptions s_strict = Strict();

    /// <summary>The status that each refusal's code has, from the table of codes.</summary>
    public static IReadOnlyDictionary<string, int> Codes { get; } = ReadCodes();

    /// <summary>Codes with which the server may close a socket.</summary>
    public static IReadOnlySet<int> CloseCodes { get; } = Enum.GetValues<CloseCode>().Select(static code => (int)code).Append(1000).ToHashSet();

    /// <summary>Reads a frame as the protocol documents it.</summary>
    /// <returns>A <see cref="ServerFrame"/> or a <see cref="Change"/>, and what is wrong with it; null: nothing.</returns>
    public static (object? Frame, string? Wrong) Frame(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var frame = ReadAs<ServerFrame>(utf8) ?? (object?)ReadAs<Change>(utf8);
            return frame is null ? (null, "a frame of no documented type") : (frame, frame is Refused refused ? WhyNot(refused) : null);
        }
        catch (JsonException unsound)
        {
            return (null, $"a frame that cannot be read: {unsound.Message}");
        }
    }

    /// <summary>What is wrong with a refusal over HTTP; null: nothing.</summary>
    public static string? Problem(int status, ReadOnlySpan<byte> utf8)
    {
        try
        {
            var problem = (Problem)JsonSerializer.Deserialize(utf8, s_strict.GetTypeInfo(typeof(Problem)))!;
            if (!Codes.TryGetValue(problem.Code, out var known)) return $"the code {problem.Code} stands in no document";
            if (known != status || problem.Status != status) return $"the code {problem.Code} came with status {status}";
            return problem.Detail.Length == 0 ? "a refusal says nothing" : null;
        }
        catch (JsonException unsound)
        {
            return $"a refusal that cannot be read: {unsound.Message}";
        }
    }

    static string? WhyNot(Refused refused) =>
        !Codes.ContainsKey(refused.Code) ? $"the code {refused.Code} stands in no document"
        : refused.Code is "broken" or "unavailable" ? $"refused as {refused.Code}"
        : refused.Detail.Length == 0 ? "a refusal says nothing"
        : null;

    // Which of the two it is follows from the type alone.
    static T? ReadAs<T>(ReadOnlySpan<byte> utf8) where T : class
    {
        var known = typeof(T).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>();
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("type"))
            {
                reader.Read();
                var type = reader.GetString();
                return known.Any(it => (string?)it.TypeDiscriminator == type) ? (T?)JsonSerializer.Deserialize(utf8, s_strict.GetTypeInfo(typeof(T))) : null;
            }
        return null;
    }

    static JsonSerializerOptions Strict() => new(ProtocolJson.Wire.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    static Dictionary<string, int> ReadCodes()
    {
        var lines = File.ReadLines(Path.Combine(Programs.Root, "docs", "protocol.md"));
        var rows = lines.Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(static cells => cells.Length >= 5 && cells[1].StartsWith('`') && int.TryParse(cells[2], out _));
        return rows.ToDictionary(static cells => cells[1].Trim('`'), static cells => int.Parse(cells[2]));
    }
}
