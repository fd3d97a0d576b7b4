using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Olha.Server.Configuration;

namespace Olha.Server;

/// <summary>Tells the person who started the program where to go, and what to tell others on the same network.</summary>
internal static partial class Greeting
{
    public static void Say(WebApplication app, ServerOptions options)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        // Not those where one is only sent on, or only watches.
        var addresses = Where(
            [.. bound.Select(BindingAddress.Parse).Where(it => it.Port != options.PlainPort && !IsForMetrics(it, options))],
            options.SpeaksTls ? "https" : "http");
        if (options.LogFormat is LogFormat.Json)
        {
            foreach (var (_, url) in addresses) Listening(app.Logger, url);
            return;
        }

        if (options.PublicUrl is { } known) addresses.Insert(0, ("For everybody:", known.GetLeftPart(UriPartial.Authority)));
        Console.WriteLine($"\n  Olha Mensagem {CommandLine.ProgramVersion}\n");
        foreach (var (whom, url) in addresses) Console.WriteLine($"  {whom,-17} {url}");
        Console.WriteLine();
    }

    static bool IsForMetrics(BindingAddress address, ServerOptions options) =>
        options.MetricsBind is { } own && address.Port == own.Port && IPAddress.TryParse(address.Host, out var ip) && ip.Equals(own.Address);

    static List<(string Whom, string Url)> Where(IReadOnlyList<BindingAddress> bound, string scheme)
    {
        var places = new List<(string, string)>();
        foreach (var address in bound)
        {
            if (!IPAddress.TryParse(address.Host, out var ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            {
                places.Add(("On this machine:", $"{scheme}://localhost:{address.Port}"));
                places.AddRange(OwnAddresses().Select(own => ("On this network:", $"{scheme}://{own}:{address.Port}")));
            }
            else
            {
                places.Add((IPAddress.IsLoopback(ip) ? "On this machine:" : "On this network:", $"{scheme}://{address.Host}:{address.Port}"));
            }
        }

        return places;
    }

    // A system that keeps them to itself, or has no /etc/resolv.conf, which the framework reads first, is told nothing.
    static IReadOnlyList<IPAddress> OwnAddresses()
    {
        try
        {
            return [.. OfThisMachine()];
        }
        catch (Exception e) when (e is NetworkInformationException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Only interfaces with a way out: bridges of containers and virtual machines lead nobody here.
    static IEnumerable<IPAddress> OfThisMachine() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.OperationalStatus is OperationalStatus.Up && network.NetworkInterfaceType is not NetworkInterfaceType.Loopback
        let properties = network.GetIPProperties()
        where properties.GatewayAddresses.Count > 0
        from unicast in properties.UnicastAddresses
        where unicast.Address.AddressFamily is AddressFamily.InterNetwork
        select unicast.Address;

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Listening at {Url}")]
    static partial void Listening(ILogger logger, string url);
}
