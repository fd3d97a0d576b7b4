using System.Diagnostics.Metrics;
using Olha.Server.Configuration;
using Olha.Server.Gateway;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Olha.Server.Watch;

/// <summary>Sends metrics and traces to an OpenTelemetry collector, when one is named. Otherwise it does nothing, and nothing is
/// measured for it.</summary>
internal sealed class Telemetry(ServerOptions options, IMeterFactory meters) : IHostedService, IDisposable
{
    // Also the collector's time to take the last of it: it must not hold up the end.
    const int PatienceMs = 2000;

    MeterProvider? _metrics;
    TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.OtlpEndpoint is not { } collector) return Task.CompletedTask;

        var resource = ResourceBuilder.CreateDefault().AddService(
            options.ServiceName, serviceVersion: CommandLine.ProgramVersion, serviceInstanceId: $"{Environment.MachineName}:{options.Port}",
            autoGenerateServiceInstanceId: false);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeters(meters)
            .AddOtlpExporter(exporter => Set(exporter, collector, "v1/metrics"))
            .Build();
        // Whether a trace is kept does not lie with whoever sends a request.
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new TraceIdRatioBasedSampler(options.TracedPart))
            .AddSource(Traces.Name, "Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(exporter => Set(exporter, collector, "v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_metrics is null) return;
        await Task.WhenAll(
            Task.Run(() => _metrics.Shutdown(PatienceMs), CancellationToken.None),
            Task.Run(() => _traces!.Shutdown(PatienceMs), CancellationToken.None)).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    void Set(OtlpExporterOptions exporter, Uri collector, string path)
    {
        var grpc = options.OtlpProtocol is OtlpProtocol.Grpc;
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? collector : new Uri(new Uri(collector.AbsoluteUri.TrimEnd('/') + "/"), path);
        exporter.Headers = options.OtlpHeaders;
        exporter.TimeoutMilliseconds = PatienceMs;
    }
}
