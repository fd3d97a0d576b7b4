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
            await using var app = await ChatHost.BuildAsync(options);
            await app.StartAsync();
            Greeting.Say(app, options);
            await DrainedAsync(app);
            return 0;
        }
        catch (Exception e) when (WhyNot(e, options) is { } reason)
        {
            return CommandLine.Refuse(reason);
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
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } taken => IsPlain(taken, options)
            ? $"port {options.PlainPort} is taken. Stop the program that uses it, or set REDIRECT_PORT to another one, or to 0 for none."
            : $"port {options.Port} is taken. Stop the program that uses it, or set PORT to another one.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } denied => IsPlain(denied, options)
            ? $"port {options.PlainPort} may not be opened by this user. Set REDIRECT_PORT to 1024 or above, or to 0 for none."
            : $"port {options.Port} may not be opened by this user. Set PORT to 1024 or above.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            $"this machine has no address {string.Join(" or ", options.Bind)}. Set BIND to one that it has.",
        DatabaseRefusedException or DatabaseUnavailableException or CertificateRefusedException => e.Message,
        { InnerException: { } inner } => WhyNot(inner, options),
        _ => null,
    };

    static bool IsPlain(SocketException e, ServerOptions options) =>
        options.PlainPort is { } port && e.Data[SocketTransport.PortOfFailure] is int failed && failed == port;
}
