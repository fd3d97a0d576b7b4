using System.Text.Encodings.Web;
using System.Text.Json;

namespace Olha.Proof;

/// <summary>Keeps evidence as JSON, part by part: a later run of one part takes the place of its former one.</summary>
internal static class EvidenceFile
{
    static readonly EvidenceJson s_form = new(new JsonSerializerOptions(EvidenceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Folder => Path.Combine(Programs.Root, "docs", "evidence");

    /// <summary>Writes a part into a document, which is made when it is missing.</summary>
    public static async Task<Evidence> MergeAsync(string folder, string name, Part part, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{name}.json");
        var evidence = (File.Exists(path) ? await ReadAsync(path, ct) : new Evidence(name, [])).With(part);
        // Beside it first: a run that is broken off leaves what was there.
        await File.WriteAllTextAsync(path + ".new", JsonSerializer.Serialize(evidence, s_form.Evidence) + "\n", ct);
        File.Move(path + ".new", path, overwrite: true);
        return evidence;
    }

    /// <summary>All documents of a folder, by name.</summary>
    public static async Task<IReadOnlyList<Evidence>> ReadAllAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder)) return [];
        var all = new List<Evidence>();
        foreach (var path in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)) all.Add(await ReadAsync(path, ct));
        return all;
    }

    static async Task<Evidence> ReadAsync(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        try
        {
            return await JsonSerializer.DeserializeAsync(file, s_form.Evidence, ct) ?? throw new ProofException($"{path} is empty.");
        }
        catch (JsonException cause)
        {
            throw new ProofException($"{path} is no evidence: {cause.Message}");
        }
    }
}
