using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Olha.Server.Configuration;

/// <summary>The addresses that the server listens on, and nothing about what listens there.</summary>
internal static class Listening
{
    /// <param name="kestrel">What listens.</param>
    /// <param name="options">Where.</param>
    /// <param name="secure">Makes a port speak TLS, where these options want it.</param>
    /// <param name="metrics">Told the metrics' own address, if they have one.</param>
    public static void ListenAt(this KestrelServerOptions kestrel, ServerOptions options, Action<ListenOptions> secure, Action<ListenOptions> metrics)
    {
        kestrel.AddServerHeader = false;
        kestrel.ListenAt(options, options.Port, options.SpeaksTls ? secure : static _ => { });
        if (options.PlainPort is { } plain) kestrel.ListenAt(options, plain, static _ => { });
        if (options.MetricsBind is { } own) kestrel.Listen(own, metrics);
    }

    static void ListenAt(this KestrelServerOptions kestrel, ServerOptions options, int port, Action<ListenOptions> how)
    {
        if (options.Bind.Count == 0) kestrel.ListenAnyIP(port, how);
        foreach (var address in options.Bind) kestrel.Listen(address, port, how);
    }
}
