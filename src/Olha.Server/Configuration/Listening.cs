using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Olha.Server.Configuration;

/// <summary>The addresses that the server listens on, and nothing about what listens there.</summary>
internal static class Listening
{
    public static void ListenAt(this KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        if (options.Bind.Count == 0) kestrel.ListenAnyIP(options.Port);
        foreach (var address in options.Bind) kestrel.Listen(address, options.Port);
    }
}
