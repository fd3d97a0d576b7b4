using System.Net;
using System.Net.Sockets;

namespace Olha.Server.Tests.Commands;

/// <summary>Lies between a program and PostgreSQL, and cuts every connection when so many bytes have gone to PostgreSQL.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _cut = new();
    readonly Uri _server;
    readonly Task _accepting;
    long _left;

    public CuttingProxy(string target, long after)
    {
        (_server, _left) = (new Uri(target), after);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The target, by way of here.</summary>
    public string Target => new UriBuilder(_server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri.AbsoluteUri;

    public bool HasCut => _cut.IsCancellationRequested;

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true) passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_cut.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException) { }
        _listener.Stop();
        await Task.WhenAll(passing);
    }

    async Task PassAsync(TcpClient near)
    {
        using var here = near;
        using var there = new TcpClient();
        try
        {
            await there.ConnectAsync(_server.Host, _server.Port > 0 ? _server.Port : 5432, _cut.Token);
            await Task.WhenAny(CopyAsync(here, there, counts: true), CopyAsync(there, here, counts: false));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException) { }
    }

    async Task CopyAsync(TcpClient from, TcpClient to, bool counts)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _cut.Token) is > 0 and var read)
            {
                if (counts && Interlocked.Add(ref _left, -read) < 0) await _cut.CancelAsync();
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _cut.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException) { }
    }
}
