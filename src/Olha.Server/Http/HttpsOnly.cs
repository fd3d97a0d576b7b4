using Microsoft.AspNetCore.Connections.Features;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>Where this program speaks TLS, nothing is said in the clear: who comes so is sent to the https address. Who watches over the
/// program may ask in the clear, which needs no certificate.</summary>
internal static class HttpsOnly
{
    public static void UseHttpsOnly(this IApplicationBuilder app, ServerOptions options)
    {
        if (!options.SpeaksTls) return;
        app.Use((context, next) =>
            context.Features.Get<ITlsHandshakeFeature>() is not null || Watchers.MayAskInTheClear(context) ? next(context) : Elsewhere(context, options));
    }

    static Task Elsewhere(HttpContext context, ServerOptions options)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.Connection = "close";
        // A password that has travelled in the clear shall not be repeated as if nothing were wrong.
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status403Forbidden;
            return response.WriteAsync("This server speaks https only.\n");
        }
        response.StatusCode = StatusCodes.Status308PermanentRedirect;
        response.Headers.Location = $"https://{AuthorityOf(context, options)}{request.PathBase}{request.Path}{request.QueryString}";
        return Task.CompletedTask;
    }

    static string AuthorityOf(HttpContext context, ServerOptions options)
    {
        if (options.PublicUrl is { } url) return PublicAddress.AuthorityOf(url);
        var local = context.Connection.LocalPort;
        var port = local == options.PlainPort ? options.Port : local;
        return port == 443 ? context.Request.Host.Host : $"{context.Request.Host.Host}:{port}";
    }
}
