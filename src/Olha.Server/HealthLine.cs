using System.Net.Sockets;
using Olha.Server.Commands;
using Olha.Server.Configuration;

namespace Olha.Server;

/// <summary><c>olha health</c>: for what looks after a container or a process.</summary>
internal static class HealthLine
{
    const string Usage = """
        olha health, the same as --health: asks the server that runs with the same settings on this machine

          olha health          whether it is alive, with the first line of its answer
              --json           one object, with ok

        Exit code: 0 it is, 1 it is not or nothing answers within 3 seconds.

        """;

    public static readonly Command Command = new()
    {
        Name = "health",
        Summary = "whether the server is alive; also --health",
        Usage = Usage,
        Takes = [],
        Work = static (_, options, _, ct) => AskAsync(options, ct),
        GoOn = static _ => "",
    };

    // Over a bare socket: this runs every few seconds, and starting must cost next to nothing.
    static async Task<Ending> AskAsync(ServerOptions options, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            var status = await PlainRequest.StatusAsync(PlainRequest.Reachable(options.Bind), options.Port, "/health", patience.Token);
            return status.Contains(" 200 ", StringComparison.Ordinal) ? Ending.Done(status) : Ending.Failed("unhealthy", $"it answers: {status}");
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return Ending.Failed("no_answer", $"nothing answers at port {options.Port}.");
        }
    }
}
