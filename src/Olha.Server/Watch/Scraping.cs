using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Olha.Server.Watch;

/// <summary>The metrics as text, for whoever comes and asks. Until somebody does nothing is gathered of what the framework measures.</summary>
internal sealed class Scraping(IMeterFactory meters) : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1);
    readonly PrometheusText _text = new();
    MeterProvider? _provider;

    public async Task<string> ReadAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            _provider ??= Sdk.CreateMeterProviderBuilder()
                .AddMeters(meters)
                .AddReader(new BaseExportingMetricReader(_text))
                .Build();
            _provider.ForceFlush((int)s_patience.TotalMilliseconds);
            return _text.ToString();
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _provider?.Dispose();
        _text.Dispose();
        _one.Dispose();
    }
}
