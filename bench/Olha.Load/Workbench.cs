using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Olha.Load;

/// <summary>Where the bench finds what it measures and leaves what it makes; script/bench has put the programs there.</summary>
internal static class Workbench
{
    public static string Root { get; } = FindRoot();

    /// <summary>Scratch: data, logs, reports of partial runs. On the disk that is measured, so not in the temporary folder.</summary>
    public static string Folder { get; } = Path.Combine(Root, "artifacts", "bench");

    public static string Results { get; } = Path.Combine(Root, "bench", "results");

    public static string Olha { get; } = Path.Combine(Root, "artifacts", "publish", RuntimeInformation.RuntimeIdentifier, "olha");

    public static string Floor { get; } = Path.Combine(Folder, "rawfan");
    public static string LoadTool { get; } = Path.Combine(Folder, "wsload");
    public static string Pages { get; } = Path.Combine(Folder, "pages");

    /// <summary>PostgreSQL's programs: the newest of Debian's packages.</summary>
    public static string Postgres => Directory.Exists("/usr/lib/postgresql")
        ? Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").MaxBy(name => int.Parse(Path.GetFileName(name), CultureInfo.InvariantCulture))!, "bin")
        : throw new BenchException("there is no PostgreSQL: script/setup bench installs it.");

    public static string Disk { get; } = Path.Combine(Folder, "disk");

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A path as it stands in a report: from the repository's root.</summary>
    public static string Shown(string text) => text.Replace(Root + "/", "", StringComparison.Ordinal);

    static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Olha.slnx"))) return folder;
        throw new BenchException("the repository is not around this program: start it with script/bench.");
    }
}
