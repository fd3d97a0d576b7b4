using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Olha.Server.Accounts;

/// <summary>A secret that lets somebody in: 256 random bits, base64url. A session's is just that, an access token's has a prefix by which
/// scanners find it where it should not be. The database only knows the SHA-256.</summary>
internal static class SessionToken
{
    const string AccessPrefix = "olha_";
    const int Bytes = 32;
    public const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>A secret for an access token.</summary>
    public static string NewAccess() => AccessPrefix + New();

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether it has the shape of a session's or a link's secret.</summary>
    public static bool CanBeOne(string token) => token.Length == Length;

    /// <summary>Whether it has the shape of an access token's secret.</summary>
    public static bool CanBeAccess(string token) =>
        token.Length == AccessPrefix.Length + Length && token.StartsWith(AccessPrefix, StringComparison.Ordinal);

    /// <summary>The token that a request carries, as <c>Authorization: Bearer</c> or in the cookie; null: none that could be one.</summary>
    public static string? Of(HttpRequest request) =>
        Bearer(request) is { } bearer ? (CanBeOne(bearer) || CanBeAccess(bearer) ? bearer : null) : InCookie(request);

    /// <summary>The session that a browser has; null: none.</summary>
    public static string? InCookie(HttpRequest request) =>
        request.Cookies[request.HttpContext.RequestServices.GetRequiredService<SessionCookie>().Name] is { } token && CanBeOne(token) ? token : null;

    /// <summary>What a program has; null: it came with a cookie, or with nothing.</summary>
    public static string? Bearer(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers[HeaderNames.Authorization], out var header)
        && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? header.Parameter
            : null;
}
