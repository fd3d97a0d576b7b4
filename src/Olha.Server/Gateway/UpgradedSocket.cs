using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Olha.Fanout;

namespace Olha.Server.Gateway;

/// <summary>A socket after the upgrade: the transport's stream, below the framework's WebSocket.</summary>
/// <remarks>The framework keeps HTTP, TLS and the check of the request; framing is ours (docs/decisions/0003), so that a frame is
/// encoded once for everybody and every close is the protocol's.</remarks>
internal sealed class UpgradedSocket(Stream stream, IConnectionLifetimeFeature lifetime) : IFrameSink, IAsyncDisposable
{
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
        return new UpgradedSocket(stream, context.Features.GetRequiredFeature<IConnectionLifetimeFeature>());
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> wire) => stream.WriteAsync(wire);

    public void Abort() => lifetime.Abort();

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    static string AcceptOf(string key)
    {
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 asks for; nothing is kept secret by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
    }
}
