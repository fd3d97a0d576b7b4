using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Olha.Fanout;
using Olha.Sockets;

namespace Olha.Server.Gateway;

/// <summary>A socket after the upgrade, below the framework's WebSocket.</summary>
/// <remarks>The framework keeps HTTP, TLS and the check of the request; framing is ours (docs/decisions/0003), so that a frame is
/// encoded once for everybody and every close is the protocol's. Without TLS we keep the socket alone and give everything else
/// back (docs/decisions/0006).</remarks>
internal abstract class UpgradedSocket : IFrameSink
{
    const int AllSent = 1, OtherClosed = 2, OtherFailed = 4;

    // RFC 6455, 1.3.
    const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    int _over;

    /// <summary>Answers 101, or 200 where the request is one of many on its connection (RFC 8441). It was checked to ask for a WebSocket.</summary>
    /// <param name="context">The request.</param>
    /// <param name="subprotocol">The one that is spoken; null: none.</param>
    /// <returns>Null: the other side has gone.</returns>
    public static async Task<UpgradedSocket?> AcceptAsync(HttpContext context, string? subprotocol)
    {
        var headers = context.Response.Headers;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            if (subprotocol is not null) headers.SecWebSocketProtocol = subprotocol;
            return new StreamSocket(await connect.AcceptAsync(), context.Abort);
        }
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AcceptOf(context.Request.Headers.SecWebSocketKey.ToString());
        if (subprotocol is not null) headers.SecWebSocketProtocol = subprotocol;
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        if (context.Features.Get<ITlsHandshakeFeature>() is not null || context.Features.Get<ISocketHandover>() is not { } plain)
            return new StreamSocket(stream, context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort);
        try
        {
            return new PlainSocket(await plain.TakeSocketAsync());
        }
        catch (IOException)
        {
            return null;
        }
    }

    public abstract bool SendsNow { get; }
    public abstract int SendNow(ReadOnlySpan<byte> wire);
    public abstract int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then);
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> wire);

    /// <summary>Begins to read.</summary>
    /// <returns>Completes when the request may end.</returns>
    public abstract Task ServeAsync(ISocketReader reader);

    /// <summary>After the reader said no: more is welcome.</summary>
    public abstract void ReadOn();

    /// <summary>All that we had to say is written, our goodbye included. The socket stays until the other side's has come.</summary>
    public void Finished() => Over(AllSent);

    /// <summary>The other side has said goodbye.</summary>
    public void OtherFinished() => Over(OtherClosed);

    /// <summary>The other side said what is none of the protocol: its goodbye could not be told from the rest, so ours is the end.</summary>
    public void Fail() => Over(OtherFailed);

    public void Cut()
    {
        if ((Volatile.Read(ref _over) & AllSent) != 0) Close(); // our goodbye may be on its way
        else CutOff();
    }

    protected bool OtherHasFinished => (Volatile.Read(ref _over) & OtherClosed) != 0;

    protected abstract void Close();
    protected abstract void CutOff();

    /// <summary>Nothing more is sent, and the other side is told so at once (RFC 6455, 7.1.7). What it sends is still read: a close with
    /// bytes unread would take back our goodbye. Where that can't be said, it learns it when its time is over.</summary>
    protected virtual void EndSending() { }

    void Over(int side)
    {
        var before = Interlocked.Or(ref _over, side);
        var over = before | side;
        if (over == before) return;
        if (over == (AllSent | OtherClosed)) Close();
        else if (over == (AllSent | OtherFailed)) EndSending();
    }

    static string AcceptOf(string key)
    {
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 asks for; nothing is kept secret by it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
    }
}

/// <summary>A socket without TLS: written to by whoever has something to say, read on its loop. Outlives its request.</summary>
internal sealed class PlainSocket(DirectSocket socket) : UpgradedSocket
{
    public override bool SendsNow => true;
    public override int SendNow(ReadOnlySpan<byte> wire) => socket.Send(wire);
    public override int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> then) => socket.Send(first, then);
    public override ValueTask SendAsync(ReadOnlyMemory<byte> wire) => throw new NotSupportedException();

    public override Task ServeAsync(ISocketReader reader)
    {
        socket.Start(reader);
        return Task.CompletedTask;
    }

    public override void ReadOn() => socket.ReadOn();
    protected override void Close() => socket.Dispose();
    protected override void CutOff() => socket.Cut();
    protected override void EndSending() => socket.EndSending();
}
