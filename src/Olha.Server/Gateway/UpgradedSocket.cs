using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Olha.Fanout;

namespace Olha.Server.Gateway;

/// <summary>A socket after the upgrade: the transport's stream, below the framework's WebSocket.</summary>
/// <remarks>The framework keeps HTTP, TLS and the check of the request; framing is ours (docs/decisions/0003), so that a frame is
/// encoded once for everybody and every close is the protocol's. Without TLS the frames go straight to the socket, past the
/// framework's pipes, from the moment on when nothing of ours can be left in them: see <see cref="GoDirect"/>.</remarks>
internal sealed class UpgradedSocket(Stream stream, Socket? plain, IConnectionLifetimeFeature lifetime) : IFrameSink, IAsyncDisposable
{
    const int Unwritten = 0, Piped = 1, Direct = 2;

    int _way;

    // RFC 6455, 1.3.
    const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public Stream Stream => stream;

    /// <summary>Answers 101. The request was checked to be a WebSocket upgrade.</summary>
    /// <param name="context">The request.</param>
    /// <param name="subprotocol">The one that is spoken; null: none.</param>
    public static async Task<UpgradedSocket> AcceptAsync(HttpContext context, string? subprotocol)
    {
        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AcceptOf(context.Request.Headers.SecWebSocketKey.ToString());
        if (subprotocol is not null) headers.SecWebSocketProtocol = subprotocol;
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        var plain = context.Features.Get<ITlsHandshakeFeature>() is null ? context.Features.Get<IConnectionSocketFeature>()?.Socket : null;
        return new UpgradedSocket(stream, plain, context.Features.GetRequiredFeature<IConnectionLifetimeFeature>());
    }

    public bool SendsNow => Volatile.Read(ref _way) == Direct;

    /// <summary>The other side has shown that it has all that was written to <see cref="Stream"/>, the answer 101 included: from
    /// here on frames go straight to the socket, unless one was sent through the pipes meanwhile.</summary>
    public void GoDirect()
    {
        if (plain is null || Volatile.Read(ref _way) != Unwritten) return;
        plain.Blocking = false;
        Interlocked.CompareExchange(ref _way, Direct, Unwritten);
    }

    public int SendNow(ReadOnlySpan<byte> wire)
    {
        var sent = plain!.Send(wire, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> wire) =>
        Interlocked.CompareExchange(ref _way, Piped, Unwritten) == Direct ? SendDirectAsync(wire) : stream.WriteAsync(wire);

    async ValueTask SendDirectAsync(ReadOnlyMemory<byte> wire)
    {
        while (!wire.IsEmpty) wire = wire[await plain!.SendAsync(wire, SocketFlags.None)..];
    }

    public void Abort() => lifetime.Abort();

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    static string AcceptOf(string key)
    {
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 asks for; nothing is kept secret by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
    }
}
