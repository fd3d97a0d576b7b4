using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>What the session's cookie is called.</summary>
internal static class CookieName
{
    public const string Plain = "olha_session";

    /// <summary>Browsers take <c>__Host-</c> only from this very host and over https: neither a sibling host nor anybody on the way can
    /// plant one. The plain name is not looked at then.</summary>
    public const string Secure = "__Host-olha_session";

    public static string Of(ServerOptions options) => IsSecure(options) ? Secure : Plain;

    /// <summary>Whether browsers speak TLS to this server, as far as it was told.</summary>
    public static bool IsSecure(ServerOptions options) => options.HasSecureUrl || options.SpeaksTls;
}
