using Microsoft.AspNetCore.HttpOverrides;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>What a proxy in front says about a request (<c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c>), believed only of those in
/// <c>TRUSTED_PROXIES</c>: anybody can write these headers.</summary>
internal static class Proxies
{
    public static void UseTrustedProxies(this IApplicationBuilder app, ServerOptions options)
    {
        if (options.TrustedProxies.Count == 0) return;

        // Read from the right, each hop only when the one that told of it is trusted: the first that is not is the client.
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        forwarded.ForwardedHeaders &= ~ForwardedHeaders.XForwardedPrefix;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.TrustedProxies) forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
    }
}
