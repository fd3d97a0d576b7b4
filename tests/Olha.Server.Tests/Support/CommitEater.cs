using System.Net;
using System.Net.Sockets;

namespace Olha.Server.Tests;

/// <summary>Stands between a server and its PostgreSQL, and can keep for itself that something was committed.</summary>
internal sealed class CommitEater : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Uri _server;
    int _hunger;

    public CommitEater(string url)
    {
        _server = new Uri(url);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The same database, by way of this.</summary>
    public string Url => new UriBuilder(_server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.ToString();

    /// <summary>How many answers it has kept.</summary>
    public int Eaten { get; private set; }

    /// <summary>The next answers that something was inserted and committed are kept, and their connections cut.</summary>
    public void Eat(int answers) => Volatile.Write(ref _hunger, answers);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync();
            var server = new TcpClient();
            await server.ConnectAsync(_server.Host, _server.Port);
            _ = PassAsync(client, server, answers: false);
            _ = PassAsync(server, client, answers: true);
        }
    }

    async Task PassAsync(TcpClient from, TcpClient to, bool answers)
    {
        var bytes = new byte[1 << 16];
        try
        {
            while (await from.GetStream().ReadAsync(bytes, _end.Token) is > 0 and var read)
            {
                if (answers && IsEaten(bytes.AsSpan(0, read))) break;
                await to.GetStream().WriteAsync(bytes.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception cause) when (cause is IOException or ObjectDisposedException or OperationCanceledException) { }
        from.Dispose();
        to.Dispose();
    }

    // The tags of a batch that inserted, in one answer.
    bool IsEaten(ReadOnlySpan<byte> answer)
    {
        if (_hunger == 0 || answer.IndexOf("INSERT 0 "u8) < 0 || answer.IndexOf("COMMIT\0"u8) < 0) return false;
        _hunger--;
        Eaten++;
        return true;
    }
}
