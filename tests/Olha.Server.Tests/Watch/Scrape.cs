using System.Globalization;
using System.Text.RegularExpressions;

namespace Olha.Server.Tests.Watch;

/// <summary>What <c>/metrics</c> said, as Prometheus reads it.</summary>
internal sealed partial class Scrape
{
    readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _samples = [];

    Scrape(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#')) continue;
            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            var labels = Label().Matches(sample.Groups[2].Value).ToDictionary(static it => it.Groups[1].Value, static it => it.Groups[2].Value);
            _samples.Add((sample.Groups[1].Value, labels, double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Reads them from a server of this machine.</summary>
    public static async Task<Scrape> OfAsync(Uri server, params (string Name, string Value)[] headers)
    {
        using var client = new Client(server);
        using var answer = await client.SendAsync(HttpMethod.Get, "/metrics", null, headers);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        return new Scrape(text);
    }

    public bool Has(string name) => _samples.Exists(it => it.Name == name);

    /// <summary>The labels that samples of a name have.</summary>
    public IReadOnlySet<string> LabelsOf(string name) => _samples.Where(it => it.Name == name).SelectMany(static it => it.Labels.Keys).ToHashSet();

    /// <summary>The values that a label has, whatever carries it.</summary>
    public IEnumerable<string> ValuesOf(string label) => _samples.Select(it => it.Labels.GetValueOrDefault(label)).OfType<string>();

    /// <summary>The sum of the samples that have this name and these labels.</summary>
    public double this[string name, params (string Name, string Value)[] labels] =>
        _samples.Where(it => it.Name == name && labels.All(label => it.Labels.GetValueOrDefault(label.Name) == label.Value)).Sum(static it => it.Value);

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?""")]
    private static partial Regex Label();
}
