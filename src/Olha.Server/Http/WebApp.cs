using System.Reflection;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Olha.Protocol;

namespace Olha.Server.Http;

/// <summary>Serves the embedded web app at every address that nothing else answers.</summary>
internal sealed class WebApp
{
    const string NoWebApp = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Olha Mensagem</title>
        <style>body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }</style>
        <h1>Olha Mensagem is running</h1>
        <p>This build carries no web app. The programs' door is open: see <a href="/api/docs">the interface</a>.</p>
        </html>
        """;

    // Svelte's for its templates, SvelteKit's for the service worker's address.
    const string TrustedTypes = "svelte-trusted-html sveltekit-trusted-url";

    readonly WebAssets _assets;
    readonly ContentPolicy _policy;

    public WebApp(Assembly assembly)
    {
        _assets = new(assembly);
        _policy = new(_assets.Index?.ReadText() ?? NoWebApp, TrustedTypes);
    }

    /// <summary>Routing has run before: what has an endpoint goes on to it, a wrong method's 405 included.</summary>
    public static void Use(IApplicationBuilder app, Assembly assembly)
    {
        var web = new WebApp(assembly);
        app.Use((context, next) => context.GetEndpoint() is null ? web.AnswerAsync(context) : next(context));
    }

    Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/api" || path.StartsWith("/api/", StringComparison.Ordinal)) return Refusal.NotFound.ToProblem().ExecuteAsync(context);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return Empty(context, 404);
        if (_assets.Find(path) is { } asset) return Send(context, asset);
        if (path.StartsWith("/_app/", StringComparison.Ordinal)) return Empty(context, 404);
        return _assets.Index is { } index ? Send(context, index) : SendBuiltIn(context);
    }

    async Task Send(HttpContext context, WebAsset asset)
    {
        var (request, response) = (context.Request.GetTypedHeaders(), context.Response);
        var form = asset.Best(request.AcceptEncoding);
        response.Headers.CacheControl = asset.CacheControl;
        response.Headers.ETag = form.Tag.ToString();
        if (asset.Varies) response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.ContentSecurityPolicy = _policy.For(context.Request); // for scripts too: a worker's own governs what it may fetch
        if (IsHeld(request, form.Tag))
        {
            response.StatusCode = 304;
            return;
        }

        await using var bytes = form.Open();
        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        if (form.Encoding is not null) response.Headers.ContentEncoding = form.Encoding;
        if (HttpMethods.IsGet(context.Request.Method)) await bytes.CopyToAsync(response.Body, context.RequestAborted);
    }

    Task SendBuiltIn(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = _policy.For(context.Request);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsGet(context.Request.Method) ? context.Response.WriteAsync(NoWebApp) : Task.CompletedTask;
    }

    static bool IsHeld(RequestHeaders request, EntityTagHeaderValue tag)
    {
        foreach (var held in request.IfNoneMatch)
            if (held.Compare(tag, useStrongComparison: false) || held == EntityTagHeaderValue.Any) return true;
        return false;
    }

    static Task Empty(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
