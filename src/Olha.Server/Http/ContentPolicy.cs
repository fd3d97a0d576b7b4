using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Olha.Server.Http;

/// <summary>What a page of ours may load and run: its own files, and the inline scripts and styles it was built with.</summary>
internal sealed partial class ContentPolicy
{
    /// <summary>For everything that is no page.</summary>
    public const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    readonly string _beforeSockets;
    readonly string _afterSockets;

    /// <param name="html">The page; the hashes of its inline scripts and styles enter the policy.</param>
    /// <param name="trustedTypes">The names of the Trusted Types policies its scripts make; null: none are asked for.</param>
    public ContentPolicy(string html, string? trustedTypes = null)
    {
        _beforeSockets =
            $"default-src 'none'; script-src 'self'{Hashes(InlineScript().Matches(html))}; style-src 'self'{Hashes(InlineStyle().Matches(html))}; " +
            "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'";
        _afterSockets = "; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            + (trustedTypes is null ? "" : $"; require-trusted-types-for 'script'; trusted-types {trustedTypes}");
    }

    /// <summary>The header. Sockets are named, because not every browser takes them for part of <c>'self'</c>.</summary>
    public string For(HttpRequest request) =>
        request.Host.Value is { } host && PlainHost().IsMatch(host)
            ? $"{_beforeSockets} ws://{host} wss://{host}{_afterSockets}"
            : _beforeSockets + _afterSockets;

    static string Hashes(MatchCollection inline) =>
        string.Concat(inline.Select(match =>
            $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups[1].Value)))}'"));

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex InlineStyle();

    // A host that may stand in a policy without changing its meaning.
    [GeneratedRegex(@"^[A-Za-z0-9._:\[\]-]+$")]
    private static partial Regex PlainHost();
}
