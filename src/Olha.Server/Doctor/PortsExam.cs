using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Olha.Protocol;
using Olha.Server.Commands;
using Olha.Server.Configuration;

namespace Olha.Server.Doctor;

/// <summary>The ports: free for the server, already its own, or somebody else's.</summary>
internal static class PortsExam
{
    const string Area = "ports";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Finding>> OfAsync(ServerOptions options, CancellationToken ct)
    {
        var findings = new List<Finding>();
        if (options.Port == 0) findings.Add(Finding.Ok(Area, "any", "PORT is 0: the server takes any that is free."));
        else findings.AddRange(await AtAsync(options, "PORT", options.Port, options.Bind, ct));
        // Where one is only sent on, only that it may be opened counts.
        if (options.PlainPort is { } plain && findings.All(static it => it.Code != "served")) findings.AddRange(await AtAsync(options, "REDIRECT_PORT", plain, options.Bind, ct));
        if (options.MetricsBind is { } own && findings.All(static it => it.Code != "served")) findings.AddRange(await AtAsync(options, "METRICS_BIND", own.Port, [own.Address], ct));
        return findings;
    }

    static async Task<IReadOnlyList<Finding>> AtAsync(ServerOptions options, string name, int port, IReadOnlyList<IPAddress> bind, CancellationToken ct)
    {
        var place = PlainRequest.Reachable(bind);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            var health = await PlainRequest.BodyAsync(place, port, "/health", null, patience.Token);
            if (!health.Contains("\"status\":\"alive\"", StringComparison.Ordinal)) return [Taken(name, port)];
            var ready = await PlainRequest.BodyAsync(place, port, "/ready", options.MetricsToken, patience.Token);
            return [Finding.Ok(Area, "served", $"The server runs at port {port}."), .. Ready(ready)];
        }
        catch (SocketException)
        {
            return [WhyNotFree(port, bind) is { } why
                ? Finding.Problem(Area, "denied", $"Port {port} can't be opened: {why}.",
                    $"Set {name} to another one, or let the server's user open it (CAP_NET_BIND_SERVICE, as the package's service has it).")
                : Finding.Ok(Area, "free", $"Port {port} is free.")];
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return [Taken(name, port)];
        }
    }

    static Finding Taken(string name, int port) => Finding.Problem(
        Area, "taken", $"Another program has port {port}.", $"Stop it (ss --listening --tcp --processes 'sport = {port}' names it), or set {name} to another one.");

    static IEnumerable<Finding> Ready(string body)
    {
        Readiness? ready = null;
        try { ready = JsonSerializer.Deserialize(body, ProtocolJson.Wire.Readiness); }
        catch (JsonException) { }
        if (ready is { Status: ReadyState.Ready }) yield break;
        if (ready is null)
        {
            yield return Finding.Warning("server", "unclear", "The server runs, and what it says at /ready can't be understood.", "Is it another version than this program? Look into its log.");
            yield break;
        }
        var reasons = string.Join(' ', (ready.Reasons ?? []).Select(static it => it.Detail));
        if (ready.Status is ReadyState.Degraded) yield return Finding.Warning("server", "degraded", $"The server serves, and says: {reasons}",
            "Look at docs/operations.md, \"See it\".");
        else yield return Finding.Problem("server", "not_ready", $"The server runs but takes no traffic ({ready.Status.ToString().ToLowerInvariant()}). {reasons}".TrimEnd(),
            "Look into its log.");
    }

    // Bound and not listened on, so that a server which starts at this moment is not in the way of.
    static string? WhyNotFree(int port, IReadOnlyList<IPAddress> bind)
    {
        foreach (var address in bind.Count == 0 ? [IPAddress.Any] : bind)
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(new IPEndPoint(address, port));
            }
            catch (SocketException e)
            {
                return e.SocketErrorCode switch
                {
                    SocketError.AccessDenied => "this user may not open it",
                    SocketError.AddressNotAvailable => $"this machine has no address {address}",
                    SocketError.AddressAlreadyInUse => "another program has it",
                    _ => e.Message,
                };
            }
        }
        return null;
    }
}
