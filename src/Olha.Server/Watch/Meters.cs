using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Olha.Server.Watch;

/// <summary>Which measurements leave the program: ours, and those of the framework, the runtime and the database's driver.</summary>
internal static class Meters
{
    static readonly string[] s_names =
    [
        Instruments.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql",
    ];

    /// <param name="builder">What gathers them.</param>
    /// <param name="own">Who made those of this server: another one in the same process has its own.</param>
    public static MeterProviderBuilder AddMeters(this MeterProviderBuilder builder, IMeterFactory own) => builder
        .AddMeter(s_names)
        .AddView(instrument => instrument.Meter.Scope is { } scope && scope != own ? MetricStreamConfiguration.Drop : null);
}
