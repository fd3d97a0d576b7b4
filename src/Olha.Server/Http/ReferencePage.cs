using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace Olha.Server.Http;

/// <summary>The interface's description to read and to try, at <c>/api/docs</c>. All it needs lies in the program; it asks nobody outside.</summary>
internal static class ReferencePage
{
    public static void MapReferencePage(this IEndpointRouteBuilder app) => app.MapScalarApiReference("/api/docs", static (page, context) =>
    {
        page.WithTitle("Olha Mensagem: the interface").WithOpenApiRoutePattern("/api/openapi.json")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton()
            .WithFavicon("/favicon.svg");
        page.Nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy = PolicyOf(page.Nonce);
    });

    // Its components write their styles into the page.
    static string PolicyOf(string nonce) =>
        $"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
