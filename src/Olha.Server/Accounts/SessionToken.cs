using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Olha.Server.Accounts;

/// <summary>The secret that stands for a session: 256 random bits, base64url. The database only knows its SHA-256.</summary>
internal static class SessionToken
{
    const int Bytes = 32;
    const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The token that a request carries, as <c>Authorization: Bearer</c> or in the cookie; null: none that could be one.</summary>
    public static string? Of(HttpRequest request)
    {
        var token = Bearer(request) ?? request.Cookies[request.HttpContext.RequestServices.GetRequiredService<SessionCookie>().Name];
        return token?.Length == Length ? token : null;
    }

    static string? Bearer(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers[HeaderNames.Authorization], out var header)
        && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? header.Parameter
            : null;
}
