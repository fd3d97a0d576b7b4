using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Olha.Load;

/// <summary>What one command measured.</summary>
/// <param name="Command">How to measure it again.</param>
/// <param name="At">When it was measured, UTC.</param>
/// <param name="Commit">Of which source.</param>
/// <param name="On">On which machine.</param>
/// <param name="Rounds">Of how many rounds these are the medians.</param>
/// <param name="Others">Cores that others used meanwhile, at most.</param>
/// <param name="Cases">The figures, by case and name.</param>
/// <param name="Invalid">Why a case does not count, by case.</param>
internal sealed record Section(
    string Command, string At, string Commit, string On, int Rounds, double Others,
    SortedDictionary<string, SortedDictionary<string, double>> Cases, SortedDictionary<string, string> Invalid)
{
    /// <summary>Cores that others may use while something is measured.</summary>
    const double MostOthers = 0.25;

    /// <summary>Whether nobody else used the machine. The load tools' own starting and stopping is in it.</summary>
    [JsonIgnore]
    public bool IsQuiet => Others <= MostOthers;

    /// <summary>A figure of a case that counts.</summary>
    /// <exception cref="BenchException">It was not measured, or does not count.</exception>
    public double this[string name, string figure] =>
        Invalid.TryGetValue(name, out var why) ? throw new BenchException($"\"{name}\" does not count: {why}. Measure it again: {Command}")
        : Cases.TryGetValue(name, out var figures) && figures.TryGetValue(figure, out var value) ? value
        : throw new BenchException($"there is no {figure} of \"{name}\". Measure it: {Command}");

    public static Section Of(string command, DateTime at, int rounds, IReadOnlyDictionary<string, Figures> cases) => new(
        command, at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Load.Commit.Describe(), Machine.Describe(), rounds,
        Math.Round(cases.Values.Max(static it => it["others_cores"] ?? 0), 2),
        new(cases.ToDictionary(static it => it.Key, static it => new SortedDictionary<string, double>(
            it.Value.Values.ToDictionary(static figure => figure.Key, static figure => Rounded(figure.Value)), StringComparer.Ordinal)), StringComparer.Ordinal),
        new(cases.Where(static it => it.Value.Invalid is not null).ToDictionary(static it => it.Key, static it => it.Value.Invalid!), StringComparer.Ordinal));

    // Four digits are more than was measured.
    static double Rounded(double value) => value == 0 ? 0 : double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>What is known of what a cluster costs: bench/results/scaling.json, a section a command. The model and the documents read their
/// figures here and nowhere else.</summary>
internal sealed record Measurements
{
    static readonly JsonSerializerOptions s_form = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One node without Redis and with it.</summary>
    public Section? Redis { get; init; }

    /// <summary>What a connection, a delivery and a post cost on one node and on two.</summary>
    public Section? Costs { get; init; }

    /// <summary>Many nodes on one Redis.</summary>
    public Section? Simulation { get; init; }

    public static Measurements Read(string folder) => File.Exists(PathIn(folder))
        ? JsonSerializer.Deserialize<Measurements>(File.ReadAllText(PathIn(folder)), s_form) ?? new Measurements()
        : new Measurements();

    /// <summary>Writes them, and the page that shows them.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        // Beside it first: a run that is broken off leaves what was there.
        File.WriteAllText(PathIn(folder) + ".new", JsonSerializer.Serialize(this, s_form) + "\n");
        File.Move(PathIn(folder) + ".new", PathIn(folder), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "scaling.md"), ScalingReport.Render(this));
    }

    static string PathIn(string folder) => Path.Combine(folder, "scaling.json");
}
