using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>With <c>PUBLIC_URL</c> set, one host is answered and requests carry its scheme, whatever a proxy spoke to us.</summary>
internal static class PublicAddress
{
    public static void UsePublicAddress(this IApplicationBuilder app, ServerOptions options)
    {
        if (options.PublicUrl is not { } url) return;

        var host = new HostString(AuthorityOf(url));
        app.Use((context, next) =>
        {
            context.Request.Scheme = url.Scheme;
            // Another name that leads here may be a stranger's (DNS rebinding). Who watches over the program knows no name.
            return context.Request.Host.Equals(host) || IsWatcher(context.Request.Path) ? next(context) : Elsewhere(context, url);
        });
    }

    /// <summary>Host and port as browsers write them: the name in ASCII, the port only where it is not the scheme's own.</summary>
    public static string AuthorityOf(Uri url)
    {
        var name = url.HostNameType is UriHostNameType.Dns ? url.IdnHost : url.Host;
        return url.IsDefaultPort ? name : $"{name}:{url.Port}";
    }

    static bool IsWatcher(PathString path) => path.Value is "/health" or "/ready";

    static Task Elsewhere(HttpContext context, Uri url)
    {
        if (context.Request.Path.StartsWithSegments("/api")) return Refusal.WrongHost.ToProblem().ExecuteAsync(context);

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"This server is at {url.GetLeftPart(UriPartial.Authority)}\n");
    }
}
