using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Olha.Server.Watch;

/// <summary>Writes collected metrics as Prometheus reads them: text format 0.0.4, names as OpenTelemetry's compatibility rules make
/// them (dots and units: <c>olha.db.commit.duration</c> in s is <c>olha_db_commit_duration_seconds</c>, counters end in <c>_total</c>).</summary>
/// <remarks>OpenTelemetry's own exporter is a beta (docs/decisions/0009). Not thread-safe: <see cref="Scraping"/> asks for one at a time.</remarks>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder _text = new();

    /// <summary>What was written last.</summary>
    public override string ToString() => _text.ToString();

    public override ExportResult Export(in Batch<Metric> batch)
    {
        _text.Clear();
        foreach (var metric in batch) Write(metric);
        return ExportResult.Success;
    }

    void Write(Metric metric)
    {
        var counts = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var name = NameOf(metric.Name, metric.Unit, counts);
        var type = counts ? "counter" : metric.MetricType is MetricType.Histogram ? "histogram" : "gauge";
        if (metric.Description is { Length: > 0 } about)
            _text.Append("# HELP ").Append(name).Append(' ').Append(about.Replace("\\", @"\\", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic: Line(name, point.Tags, point.GetSumLong()); break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic: Line(name, point.Tags, point.GetSumDouble()); break;
                case MetricType.LongGauge: Line(name, point.Tags, point.GetGaugeLastValueLong()); break;
                case MetricType.DoubleGauge: Line(name, point.Tags, point.GetGaugeLastValueDouble()); break;
                case MetricType.Histogram: Histogram(name, point); break;
            }
        }
    }

    void Histogram(string name, in MetricPoint point)
    {
        var sofar = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            sofar += bucket.BucketCount;
            Line(name + "_bucket", point.Tags, sofar, Figure(bucket.ExplicitBound));
        }
        Line(name + "_sum", point.Tags, point.GetHistogramSum());
        Line(name + "_count", point.Tags, point.GetHistogramCount());
    }

    void Line(string name, in ReadOnlyTagCollection tags, double value, string? le = null)
    {
        _text.Append(name);
        var mark = '{';
        foreach (var (label, said) in tags)
        {
            Label(mark, Identifier(label), Convert.ToString(said, CultureInfo.InvariantCulture) ?? "");
            mark = ',';
        }
        if (le is not null)
        {
            Label(mark, "le", le);
            mark = ',';
        }
        if (mark == ',') _text.Append('}');
        _text.Append(' ').Append(Figure(value)).Append('\n');
    }

    void Label(char mark, string name, string value)
    {
        _text.Append(mark).Append(name).Append("=\"");
        foreach (var letter in value)
            _ = letter switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(letter),
            };
        _text.Append('"');
    }

    static string Figure(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A metric's name as Prometheus has it.</summary>
    public static string NameOf(string name, string? unit, bool counts)
    {
        var written = Identifier(name);
        // {things} are not written; what the name says already is not said twice.
        var suffix = unit switch { "s" => "_seconds", "ms" => "_milliseconds", "By" => "_bytes", "%" => "_percent", _ => "" };
        if (!written.EndsWith(suffix, StringComparison.Ordinal)) written += suffix;
        return counts && !written.EndsWith("_total", StringComparison.Ordinal) ? written + "_total" : written;
    }

    static string Identifier(string name) => string.Concat(name.Select(static it => char.IsAsciiLetterOrDigit(it) ? it : '_'));
}
