using System.Globalization;
using System.Text.Json;

namespace Olha.Load;

/// <summary>A broadcaster that others made, doing what the floor does: it lies in bench/peers. Not held to any goal.</summary>
/// <param name="Door">Where it is knocked at.</param>
/// <param name="Name">As its makers write it.</param>
/// <param name="Package">Its name and its script's.</param>
/// <param name="Load">What the load tool is told to speak with it.</param>
internal sealed record Peer(Door Door, string Name, string Package, IReadOnlyList<string> Load)
{
    static readonly string s_folder = Path.Combine(Workbench.Root, "bench", "peers");

    public static IReadOnlyList<Peer> All { get; } =
    [
        new(Door.Ws, "ws", "ws", []),
        new(Door.SocketIo, "Socket.IO", "socket.io",
        [
            "--path", "/socket.io/?EIO=4&transport=websocket&n=%d", "--hello", Path.Combine(s_folder, "socket.io-hello.txt"),
            "--ready", "40{", "--ping", "2", "--pong", "3", "--tmpl", "42[\"say\",\"%s\"]",
        ]),
    ];

    /// <summary>As it is installed.</summary>
    public string Version
    {
        get
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "node_modules", Package, "package.json")));
            return package.RootElement.GetProperty("version").GetString()!;
        }
    }

    public static Peer? At(Door door) => All.FirstOrDefault(peer => peer.Door == door);

    /// <param name="port">Where it listens.</param>
    /// <param name="cpus">The cores it may run on.</param>
    /// <param name="rooms">How many rooms it has.</param>
    public Child Start(int port, string? cpus, int rooms)
    {
        var script = Path.Combine(s_folder, $"{Package}.js");
        string[] arguments = [script, port.ToString(CultureInfo.InvariantCulture), rooms.ToString(CultureInfo.InvariantCulture)];
        return Child.Start(cpus, "node", arguments, [("NODE_ENV", "production")], s_folder);
    }
}
