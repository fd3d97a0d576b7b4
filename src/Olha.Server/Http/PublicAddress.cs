using System.Net;
using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>Which names this server answers to. With <c>PUBLIC_URL</c> one host, and requests carry its scheme, whatever a proxy spoke
/// to us. Without it, names that nobody outside can give to this machine, and those of <c>ALLOWED_HOSTS</c>.</summary>
/// <remarks>A page of a stranger's site whose name is made to lead here (DNS rebinding) has our address for its own origin: neither cookie
/// nor Origin tell it apart, only its name does.</remarks>
internal static class PublicAddress
{
    // Not for sale: they resolve by multicast, in the home's own router, or to the machine itself (RFC 6762, 8375, 6761).
    static readonly string[] s_private = [".local", ".lan", ".home.arpa", ".localhost"];

    public static void UsePublicAddress(this IApplicationBuilder app, ServerOptions options)
    {
        var url = options.PublicUrl;
        var host = url is null ? default : new HostString(AuthorityOf(url));
        app.Use((context, next) =>
        {
            if (url is not null) context.Request.Scheme = url.Scheme;
            var asked = context.Request.Host;
            var known = url is null ? IsOurs(asked.Host, options.AllowedHosts) : asked.Equals(host);
            // Who watches over the program knows no name.
            return known || Watchers.IsFor(context.Request.Path) ? next(context) : Elsewhere(context, url);
        });
    }

    /// <summary>Host and port as browsers write them: the name in ASCII, the port only where it is not the scheme's own.</summary>
    public static string AuthorityOf(Uri url)
    {
        var name = url.HostNameType is UriHostNameType.Dns ? url.IdnHost : url.Host;
        return url.IsDefaultPort ? name : $"{name}:{url.Port}";
    }

    /// <summary>Whether a server without a <c>PUBLIC_URL</c> answers to this name.</summary>
    /// <param name="host">As the request has it, without the port.</param>
    /// <param name="allowed">Names besides, in ASCII.</param>
    public static bool IsOurs(string host, IReadOnlyList<string> allowed)
    {
        var name = host.EndsWith('.') ? host[..^1] : host;
        return name.Length > 0
            && (IPAddress.TryParse(name, out _)
                || !name.Contains('.')
                || s_private.Any(it => name.EndsWith(it, StringComparison.OrdinalIgnoreCase))
                || allowed.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    static Task Elsewhere(HttpContext context, Uri? url)
    {
        if (context.Request.Path.StartsWithSegments("/api")) return Refusal.WrongHost.ToProblem().ExecuteAsync(context);

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(url is null
            ? "This server is not called that.\nIf it is yours: set PUBLIC_URL to its address, or add this name to ALLOWED_HOSTS.\n"
            : $"This server is at {url.GetLeftPart(UriPartial.Authority)}\n");
    }
}
