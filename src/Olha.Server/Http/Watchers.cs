using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using Olha.Server.Configuration;

namespace Olha.Server.Http;

/// <summary>Who may read the metrics and why the server is degraded: with <c>METRICS_BIND</c> whoever reaches that address, with
/// <c>METRICS_TOKEN</c> who shows it, otherwise who asks from this machine or a private network, by a name of such.</summary>
/// <remarks>Nothing in them is secret, but how busy a server is and what ails it is nobody else's business. A proxy in front is near too:
/// its requests are told by what it adds, and by the public name that they ask for.</remarks>
internal sealed class Watchers(ServerOptions options)
{
    const string Bearer = "Bearer ";

    static readonly string[] s_paths = ["/health", "/ready", "/metrics"];

    // Loopback, RFC 1918, RFC 6598 (also home networks over VPN), link-local, RFC 4193.
    static readonly IPNetwork[] s_near =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("::1/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fc00::/7"),
    ];

    readonly byte[]? _token = options.MetricsToken is { } token ? Encoding.UTF8.GetBytes(token) : null;

    /// <summary>Whether a path is for those who watch over the program.</summary>
    public static bool IsFor(PathString path) => s_paths.Contains(path.Value);

    /// <summary>Whether a request needs no TLS where the program speaks it: the token for the metrics does.</summary>
    public static bool MayAskInTheClear(HttpContext context) => context.Request.Path.Value is "/health" or "/ready" || CameByOwnDoor(context);

    /// <summary>Whether the metrics may be read: on their own address only, where they have one.</summary>
    public bool MayScrape(HttpContext context) => options.MetricsBind is null ? MaySee(context) : CameByOwnDoor(context) && HasToken(context);

    /// <summary>Whether the reasons of a degraded server may be read.</summary>
    public bool MaySee(HttpContext context) => HasToken(context) && (_token is not null || CameByOwnDoor(context) || IsNear(context));

    /// <summary>Marks what comes in at the metrics' own address.</summary>
    public static void MarkOwnDoor(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(OwnDoor.Instance);
        return next(connection);
    });

    /// <summary>Lets nothing else in at the metrics' own address.</summary>
    public static void UseOwnDoor(IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (!CameByOwnDoor(context) || IsFor(context.Request.Path)) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    static bool CameByOwnDoor(HttpContext context) => context.Features.Get<OwnDoor>() is not null;

    bool HasToken(HttpContext context)
    {
        if (_token is null) return true;
        var shown = context.Request.Headers.Authorization.ToString();
        return shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown[Bearer.Length..].Trim()), _token);
    }

    // What a trusted proxy said is taken out of the headers: what is left was said by one that is not.
    static bool IsNear(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IsNear(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded")
        && !context.Request.Headers.ContainsKey(HeaderNames.Via)
        && IsNear(context.Request.Host.Host);

    static bool IsNear(string host) =>
        IPAddress.TryParse(host, out var address) ? IsNear(address) : PublicAddress.IsOurs(host, []);

    static bool IsNear(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return s_near.Any(it => it.BaseAddress.AddressFamily == address.AddressFamily && it.Contains(address));
    }

    sealed class OwnDoor
    {
        public static readonly OwnDoor Instance = new();
    }
}
