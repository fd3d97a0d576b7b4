using Olha.Protocol;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>Whether a request may come from the page that sent it. The one place that decides: for every unsafe request under
/// <c>/api</c>, and for both sockets before the upgrade.</summary>
/// <remarks>Browsers say where a request comes from and pages cannot forge it; what says nothing is no browser. With a
/// <c>PUBLIC_URL</c> the Origin must be exactly that; without one it must equal the Host. <c>null</c> (a sandboxed page, a file) never may.</remarks>
internal sealed class OriginCheck(ServerOptions options)
{
    readonly string? _origin = options.PublicUrl is { } url ? $"{url.Scheme}://{PublicAddress.AuthorityOf(url)}" : null;

    /// <summary>Null when this page may speak to this server.</summary>
    public Refusal? WhyNotFrom(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site") return Refusal.WrongOrigin;

        var origins = request.Headers.Origin;
        if (origins.Count == 0) return null;
        return origins.Count == 1 && IsOurs(origins[0]!, request.Host) ? null : Refusal.WrongOrigin;
    }

    bool IsOurs(string origin, HostString host)
    {
        if (_origin is not null) return string.Equals(origin, _origin, StringComparison.Ordinal);
        // A proxy in front may speak TLS, so the scheme is not ours to compare.
        return host.HasValue
            && (origin.Equals("http://" + host.Value, StringComparison.OrdinalIgnoreCase)
                || origin.Equals("https://" + host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
