using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Olha.Testing;

/// <summary>A Redis of one's own from Debian's package, empty and on a port that stays: it can be killed, stopped for a while and started again.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly int _port = Ports.Free();
    Process? _process;

    /// <summary><c>redis://127.0.0.1:port</c></summary>
    public string Url => $"redis://127.0.0.1:{_port}";

    public bool IsUp => _process is { HasExited: false };

    /// <summary>Started and answering.</summary>
    public static async Task<RedisServer> StartNewAsync()
    {
        var server = new RedisServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, empty, on its port.</summary>
    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(
            "redis-server", ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"])
        {
            RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath(),
        })!;
        _ = _process.StandardOutput.ReadToEndAsync(); // or its log would fill the pipe and stop it
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await CommandAsync("PING") == "+PONG") return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < s_patience) { }
            await Task.Delay(10);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends a signal by its name without <c>SIG</c>: <c>STOP</c> and <c>CONT</c>, for one that hangs.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Runs a command.</summary>
    /// <returns>The first line of the answer, as it travels.</returns>
    public async Task<string> CommandAsync(params string[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"*{words.Length}\r\n{string.Concat(words.Select(it => $"${Encoding.UTF8.GetByteCount(it)}\r\n{it}\r\n"))}"));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync() ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
    }
}
