using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Olha.Server.Configuration;

/// <summary>The addresses that the server listens on, and nothing about what listens there.</summary>
internal static class Listening
{
    /// <param name="kestrel">What listens.</param>
    /// <param name="options">Where.</param>
    /// <param name="metrics">Told the metrics' own address, if they have one.</param>
    public static void ListenAt(this KestrelServerOptions kestrel, ServerOptions options, Action<ListenOptions> metrics)
    {
        kestrel.AddServerHeader = false;
        if (options.Bind.Count == 0) kestrel.ListenAnyIP(options.Port);
        foreach (var address in options.Bind) kestrel.Listen(address, options.Port);
        if (options.MetricsBind is { } own) kestrel.Listen(own, metrics);
    }
}
