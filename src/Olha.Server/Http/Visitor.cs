using System.Net;
using Microsoft.Net.Http.Headers;

namespace Olha.Server.Http;

/// <summary>Where a request came from, before anybody knows who sent it.</summary>
/// <param name="Address">The other end of the connection, or where a trusted proxy says that it is.</param>
/// <param name="Device">What it calls itself, for the list of one's sessions.</param>
/// <param name="Replaces">The secret that the browser has and will have no more when it is given another; null: none.</param>
internal readonly record struct Visitor(IPAddress Address, string Device, string? Replaces = null)
{
    const int Longest = 200;

    public static Visitor Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        var agent = context.Request.Headers[HeaderNames.UserAgent].ToString();
        var shown = string.Concat(agent.Where(letter => letter is >= ' ' and <= '~').Take(Longest));
        return new Visitor(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, shown);
    }
}
