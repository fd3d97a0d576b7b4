using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Olha.Server.Commands;
using Olha.Server.Configuration;

namespace Olha.Server;

/// <summary>What the program does when it does not serve. Each returns the exit code.</summary>
internal static class CommandLine
{
    static readonly IReadOnlyList<Command> s_commands = [BackupLine.Command, RestoreLine.Command, MigrateLine.Command];

    const string UsageBefore = """
        olha, a chat server: rooms, people and their messages in one program

          olha             serve; the web app is at http://localhost:8080
          olha --health    ask the server that runs with the same settings whether it is alive
          olha admin       help an owner who is locked out

        """;

    const string UsageAfter = """
          olha --version
          olha --help      this; olha migrate --help and so on tell of a command

        Settings are environment variables, or lines of a .env file beside it; none is needed.
        The usual ones: PORT (8080), DB_NAME (data/olha_mensagem.db), PUBLIC_URL, REGISTRATION (open).

        """;

    /// <summary>The version that was built, without the commit.</summary>
    public static string ProgramVersion { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static int Help()
    {
        Console.Write(UsageBefore);
        foreach (var command in s_commands) Console.WriteLine($"  olha {command.Name,-10}  {command.Summary}");
        Console.Write(UsageAfter);
        return 0;
    }

    /// <summary>The command of this name; null: there is none.</summary>
    public static Command? Find(string name) => s_commands.FirstOrDefault(command => command.Name == name);

    public static int Version()
    {
        Console.WriteLine(ProgramVersion);
        return 0;
    }

    public static int Unknown(string[] args)
    {
        Console.Error.WriteLine($"olha: {string.Join(' ', args)} is nothing it knows. See olha --help.");
        return 2;
    }

    public static int Refuse(params IReadOnlyList<string> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine($"olha: {problem}");
        return 1;
    }

    /// <summary>Asks over a bare socket: this runs every few seconds, and starting must cost next to nothing.</summary>
    public static async Task<int> HealthAsync(ServerOptions options)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Reachable(options.Bind), options.Port, patience.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), patience.Token);
            using var reader = new StreamReader(stream);
            var status = await reader.ReadLineAsync(patience.Token);
            Console.WriteLine(status);
            return status?.Contains(" 200 ", StringComparison.Ordinal) == true ? 0 : 1;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return Refuse($"nothing answers at port {options.Port}.");
        }
    }

    static IPAddress Reachable(IReadOnlyList<IPAddress> bound) => bound switch
    {
        [] => IPAddress.Loopback,
        [var any, ..] when any.Equals(IPAddress.Any) => IPAddress.Loopback,
        [var any, ..] when any.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback,
        [var first, ..] => first,
    };
}
