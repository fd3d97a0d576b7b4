using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>Headers that every answer carries, whatever made it.</summary>
internal static class SecurityHeaders
{
    // Nothing of this is asked for by the app; a script that got in could not ask either.
    const string NoDevices =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), " +
        "payment=(), serial=(), usb=()";

    public static void UseSecurityHeaders(this IApplicationBuilder app, ServerOptions options)
    {
        app.Use((context, next) =>
        {
            // Just before the answer starts, because an error page begins with clearing the headers.
            context.Response.OnStarting(
                static state => Add((((HttpContext, ServerOptions))state).Item1, (((HttpContext, ServerOptions))state).Item2), (context, options));
            return next(context);
        });
    }

    static Task Add(HttpContext context, ServerOptions options)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = NoDevices;
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = ContentPolicy.Nothing;
        // Said of somebody, to somebody: no cache keeps it, the browser's neither.
        if (headers.CacheControl.Count == 0 && context.Request.Path.StartsWithSegments("/api")) headers.CacheControl = "no-store";
        // It holds for every port of the host, for a year: not for a name that nobody said is ours.
        if (options.HasSecureUrl) headers.StrictTransportSecurity = "max-age=31536000";
        // Without TLS browsers ignore it and complain in the console.
        if (CookieName.IsSecure(options)) headers["Cross-Origin-Opener-Policy"] = "same-origin";

        return Task.CompletedTask;
    }
}
