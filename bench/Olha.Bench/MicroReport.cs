using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using Olha.Load;

namespace Olha.Bench;

/// <summary>The figures as a page to read.</summary>
internal static partial class MicroReport
{
    /// <param name="summaries">One for each class of benchmarks.</param>
    /// <param name="filter">Which were run; null: all.</param>
    public static string Render(IEnumerable<Summary> summaries, string? filter)
    {
        var page = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            # Micro-benchmarks

            {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, commit {Commit.Describe()}. `script/bench micro{(filter is null ? "" : $" {filter}")}`

            - Machine: {Machine.Describe()}, {RuntimeInformation.RuntimeIdentifier}; load average at the end {Machine.LoadAverage}.
            - {RuntimeInformation.FrameworkDescription}, compiled as it runs, not the published file: these figures are to be compared with
              each other, and with those of another commit on the same machine.
            - Three short iterations each. `Error` is half of the 99.9 % confidence interval. `Min`, the fastest of them, is what other
              programs distort least. `Allocated` counts all threads; `-` is nothing.

            """);
        foreach (var summary in summaries.Where(static it => it.Reports.Length > 0)) AppendTable(page, summary);
        return page.ToString();
    }

    static void AppendTable(StringBuilder page, Summary summary)
    {
        var name = summary.BenchmarksCases[0].Descriptor.Type.Name;
        page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n");
        var log = new AccumulationLogger();
        MarkdownExporter.GitHub.ExportToLog(summary, log);
        // What it says about the machine is above, and its emphasis and quotes mean nothing here.
        foreach (var line in log.GetLog().Split('\n').Where(static it => it.StartsWith('|')))
            page.Append(Quoted().Replace(line.TrimEnd().Replace("**", "", StringComparison.Ordinal), "$1  ")).Append('\n');
    }

    [GeneratedRegex("&#39;(.*?)&#39;")]
    private static partial Regex Quoted();
}
