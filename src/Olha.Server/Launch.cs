using System.Net.Sockets;
using Olha.Server.Configuration;
using Olha.Server.Tls;
using Olha.Sockets;
using Olha.Storage;

namespace Olha.Server;

/// <summary>From start to end of a serving program: what can't start says why in one line.</summary>
internal static class Launch
{
    public static async Task<int> RunAsync(ServerOptions options)
    {
        try
        {
            var app = await ChatHost.BuildAsync(options);
            await using var end = new BoundedEnd(app, TimeSpan.FromSeconds(options.DrainSeconds));
            await StartAsync(app);
            Greeting.Say(app, options);
            await DrainedAsync(app);
            return 0;
        }
        catch (Exception e) when (WhyNot(e, options) is { } reason)
        {
            return CommandLine.Refuse(reason);
        }
    }

    // What had begun is told to end: being cut off it would say at length that it failed.
    static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    // Sockets that have not said goodbye in DRAIN_SECONDS are cut: their clients come back to what was committed.
    static async Task DrainedAsync(WebApplication app)
    {
        try
        {
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) { }
    }

    // What a person can put right; anything else is a bug and shows itself whole.
    static string? WhyNot(Exception e, ServerOptions options) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => DoorOf(e, options) switch
        {
            (var port, "REDIRECT_PORT") => $"port {port} is taken. Stop the program that uses it, or set REDIRECT_PORT to another one, or to 0 for none.",
            var (port, name) => $"port {port} is taken. Stop the program that uses it, or set {name} to another one.",
        },
        SocketException { SocketErrorCode: SocketError.AccessDenied } => DoorOf(e, options) switch
        {
            (var port, "REDIRECT_PORT") => $"port {port} may not be opened by this user. Set REDIRECT_PORT to 1024 or above, or to 0 for none.",
            var (port, name) => $"port {port} may not be opened by this user. Set {name} to 1024 or above.",
        },
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => DoorOf(e, options) is (_, "METRICS_BIND")
            ? $"this machine has no address {options.MetricsBind!.Address}. Set METRICS_BIND to one that it has."
            : $"this machine has no address {string.Join(" or ", options.Bind)}. Set BIND to one that it has.",
        DatabaseRefusedException or DatabaseUnavailableException or CertificateRefusedException => e.Message,
        { InnerException: { } inner } => WhyNot(inner, options),
        _ => null,
    };

    // Which of the ports could not be opened, and the setting that names it.
    static (int Port, string Name) DoorOf(Exception e, ServerOptions options) => e.Data[SocketTransport.PortOfFailure] switch
    {
        int failed when failed == options.PlainPort => (failed, "REDIRECT_PORT"),
        int failed when failed == options.MetricsBind?.Port && failed != options.Port => (failed, "METRICS_BIND"),
        _ => (options.Port, "PORT"),
    };
}
