using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olha.Proof;

/// <summary>Plans as files, to be kept and run again.</summary>
internal static class PlanJson
{
    static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentSize = 1,
    };

    public static string Write(Plan plan) => JsonSerializer.Serialize(plan, s_options);

    /// <exception cref="ProofException">It is no plan.</exception>
    public static Plan Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Plan>(json, s_options) is { Devices: not null, Steps: not null } plan
                ? plan
                : throw new ProofException("The file holds no plan.");
        }
        catch (JsonException cause)
        {
            throw new ProofException($"The file holds no plan: {cause.Message}");
        }
    }
}
