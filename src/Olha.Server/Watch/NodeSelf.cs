using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Olha.Fanout;
using Olha.Protocol;
using Olha.Server.Configuration;
using Olha.Server.Gateway;
using Olha.Server.Http;
using Olha.Storage;

namespace Olha.Server.Watch;

/// <summary>How this node is, in figures that others are told.</summary>
internal sealed class NodeSelf(
    NodeBoard board, SelfCheck check, BackplaneWatch backplane, Hub hub, Database database, ConnectionLimits people, Recorder recorder,
    ServerOptions options, IServer server)
{
    BindingAddress? _address;

    /// <summary>Looks now; waits for the database for two seconds at most.</summary>
    public async Task<NodeState> LookAsync(CancellationToken ct)
    {
        var (how, took) = await check.LookAsync(ct);
        var address = _address ??= Listening();
        return new NodeState(
            board.Self, $"{Environment.MachineName}:{address?.Port ?? options.Port}", CommandLine.ProgramVersion, Written(address), recorder.StartedAt,
            how.Status, how.Reasons ?? [], people.People, hub.ConnectionCount, Rounded(took),
            new NodeBackplane(backplane.Kind, backplane.IsLive, Rounded(backplane.RoundTrip)), database.Waiting, hub.Waiting().Bytes);
    }

    // The first address that is not there for other things, as soon as the system has given it its port.
    BindingAddress? Listening() => server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse)
        .FirstOrDefault(it => it.Port > 0 && it.Port != options.PlainPort && it.Port != options.MetricsBind?.Port);

    // Where it listens everywhere, the machine's name says more than a star.
    static string? Written(BindingAddress? address) => address is null ? null
        : $"{address.Scheme}://{(address.Host is "[::]" or "0.0.0.0" or "*" or "+" ? Environment.MachineName : address.Host)}:{address.Port}";

    static double? Rounded(TimeSpan? took) => took is { } it ? NodeBoard.Rounded(it.TotalMilliseconds) : null;
}
