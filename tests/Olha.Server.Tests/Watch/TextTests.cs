using System.Diagnostics.Metrics;
using Olha.Server.Watch;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Olha.Server.Tests.Watch;

/// <summary>Metrics in Prometheus' words.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("olha.db.commit.duration", "s", false, "olha_db_commit_duration_seconds")]
    [InlineData("olha.outbox.bytes", "By", false, "olha_outbox_bytes")]
    [InlineData("olha.messages", "{message}", true, "olha_messages_total")]
    [InlineData("dotnet.process.cpu.time", "s", true, "dotnet_process_cpu_time_seconds_total")]
    [InlineData("a.total", null, true, "a_total")]
    public void Names_get_their_unit_and_counters_say_so(string name, string? unit, bool counts, string expected) =>
        Assert.Equal(expected, PrometheusText.NameOf(name, unit, counts));

    [Fact]
    public void A_scrape_reads_as_the_format_asks()
    {
        using var meter = new Meter("Olha.Tests.Text");
        meter.CreateObservableGauge("a.gauge", static () => new Measurement<double>(1.5, new KeyValuePair<string, object?>("the.label", "a \"b\" \\ c\nd")), null, "Says a\nlot.");
        var histogram = meter.CreateHistogram("a.time", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        var text = new PrometheusText();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(text)).Build();
        histogram.Record(0.5);
        histogram.Record(5);
        provider.ForceFlush();

        Assert.Equal("""
            # HELP a_gauge Says a lot.
            # TYPE a_gauge gauge
            a_gauge{the_label="a \"b\" \\ c\nd"} 1.5
            # TYPE a_time_seconds histogram
            a_time_seconds_bucket{le="0.1"} 0
            a_time_seconds_bucket{le="1"} 1
            a_time_seconds_bucket{le="+Inf"} 2
            a_time_seconds_sum 5.5
            a_time_seconds_count 2

            """.ReplaceLineEndings("\n"), text.ToString());
    }
}
