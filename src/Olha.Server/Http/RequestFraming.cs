using Microsoft.Extensions.Primitives;
using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>Where a request ends must be the same for us and for a proxy before us: otherwise a request can hide in another's body, or
/// behind an upgrade that the proxy believes in (request smuggling). The framework takes what can be read in one way only by some.</summary>
internal static class RequestFraming
{
    // Where the framework puts a Content-Length that stood beside a Transfer-Encoding.
    const string PutAside = "X-Content-Length";

    public static void UseSoundFraming(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (!IsSound(context.Request))
        {
            context.Response.Headers.Connection = "close";
            return Refusal.InvalidField.ToProblem().ExecuteAsync(context);
        }
        if (context.Request.Headers.Upgrade.Count > 0)
            context.Response.OnStarting(static state => EndUnlessUpgraded((HttpResponse)state), context.Response);
        return next(context);
    });

    // RFC 9112, 6.1: only chunked, only alone, only since HTTP/1.1.
    static bool IsSound(HttpRequest request)
    {
        var headers = request.Headers;
        var encoding = headers.TransferEncoding;
        return encoding.Count == 0
            || (IsChunked(encoding) && headers.ContentLength is null && !headers.ContainsKey(PutAside) && HttpProtocol.IsHttp11(request.Protocol));
    }

    static bool IsChunked(StringValues encoding) => encoding.Count == 1 && string.Equals(encoding[0], "chunked", StringComparison.OrdinalIgnoreCase);

    // What comes behind a refused upgrade would be frames to one and a request to the other.
    static Task EndUnlessUpgraded(HttpResponse response)
    {
        switch (response.StatusCode)
        {
            case StatusCodes.Status101SwitchingProtocols: break;
            case StatusCodes.Status426UpgradeRequired: response.Headers.Connection = "Upgrade, close"; break;
            default: response.Headers.Connection = "close"; break;
        }
        return Task.CompletedTask;
    }
}
