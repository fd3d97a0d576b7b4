using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Olha.Server.Configuration;

/// <summary>The addresses that the server listens on, and nothing about what listens there.</summary>
internal static class Listening
{
    /// <param name="kestrel">What listens.</param>
    /// <param name="options">Where.</param>
    /// <param name="secure">Makes a port speak TLS, where these options want it.</param>
    public static void ListenAt(this KestrelServerOptions kestrel, ServerOptions options, Action<ListenOptions> secure)
    {
        kestrel.AddServerHeader = false;
        kestrel.ListenAt(options, options.Port, options.SpeaksTls ? secure : static _ => { });
        if (options.PlainPort is { } plain) kestrel.ListenAt(options, plain, static _ => { });
    }

    static void ListenAt(this KestrelServerOptions kestrel, ServerOptions options, int port, Action<ListenOptions> how)
    {
        if (options.Bind.Count == 0) kestrel.ListenAnyIP(port, how);
        foreach (var address in options.Bind) kestrel.Listen(address, port, how);
    }
}
