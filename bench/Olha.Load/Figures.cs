using System.Globalization;

namespace Olha.Load;

/// <summary>What one run measured, by name, and why it does not count if it does not.</summary>
internal sealed record Figures(IReadOnlyDictionary<string, double> Values, string? Invalid = null)
{
    public double? this[string key] => Values.TryGetValue(key, out var value) ? value : null;

    /// <summary>Reads <c>name=1.5</c> pairs, as the C tools print them.</summary>
    public static Figures Parse(string text)
    {
        var values = new Dictionary<string, double>();
        foreach (var word in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            if (word.IndexOf('=') is > 0 and var at
                && double.TryParse(word.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                values[word[..at]] = value;
        return new Figures(values);
    }

    public Figures With(string key, double value) => this with { Values = new Dictionary<string, double>(Values) { [key] = value } };

    /// <summary>The median of each figure. One run that does not count spoils all.</summary>
    public static Figures Median(IReadOnlyList<Figures> runs)
    {
        var keys = runs.SelectMany(run => run.Values.Keys).Distinct();
        return new Figures(
            keys.ToDictionary(key => key, key => Middle([.. runs.Select(run => run[key]).OfType<double>().Order()])),
            runs.Select(run => run.Invalid).FirstOrDefault(why => why is not null));
    }

    static double Middle(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
}
