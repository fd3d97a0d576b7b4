using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Olha.Proof;

/// <summary>A folder and a port for one server that something will be done to; gone afterwards.</summary>
internal sealed class Ground : IDisposable
{
    /// <param name="under">Where to make it; null: where temporary files lie.</param>
    public Ground(string? under = null)
    {
        Folder = Directory.CreateDirectory(Path.Combine(under ?? Path.GetTempPath(), $"olha-proof-{Path.GetRandomFileName()}")).FullName;
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public string Folder { get; }

    public int Port { get; }

    public string Database => Path.Combine(Data, "olha.db");

    /// <summary>Where the database lies: nothing else is in it.</summary>
    public string Data => Directory.CreateDirectory(Path.Combine(Folder, "data")).FullName;

    /// <summary>A node whose database lies in <see cref="Data"/>, or elsewhere.</summary>
    public NodeOptions Options(IReadOnlyList<string> program, string? database = null, params IReadOnlyList<string> before)
    {
        var plain = NodeOptions.Plain(program, Folder, Port);
        var variables = new Dictionary<string, string>(plain.Variables) { ["DB_NAME"] = database ?? Database };
        return plain with { Variables = variables, Before = before };
    }

    /// <summary>What a database's files hold now, elsewhere: looking at them recovers it, and that is the server's to do.</summary>
    /// <returns>The copy of the database file.</returns>
    public string CopyOf(string database)
    {
        var copy = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName, "olha.db");
        foreach (var ending in (string[])["", "-wal", "-journal"])
            if (File.Exists(database + ending)) File.Copy(database + ending, copy + ending);
        return copy;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Waits for what becomes true by itself.</summary>
    /// <exception cref="ProofException">It does not within <paramref name="patience"/>.</exception>
    public static Task UntilAsync(Func<bool> condition, TimeSpan patience, string what, CancellationToken ct) => UntilAsync(condition, patience, () => what, ct);

    /// <inheritdoc cref="UntilAsync(Func{bool}, TimeSpan, string, CancellationToken)"/>
    public static async Task UntilAsync(Func<bool> condition, TimeSpan patience, Func<string> what, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > patience) throw new ProofException($"{what()}: not after {patience.TotalSeconds:0} s");
            await Task.Delay(5, ct);
        }
    }
}
