using System.Net.WebSockets;
using Olha.Fanout;

namespace Olha.Server.Gateway;

/// <summary>The writing half of a WebSocket.</summary>
internal sealed class WebSocketSink(WebSocket socket) : IFrameSink
{
    // No token: a cancellable send takes a slower path, and cancelling one cuts the socket anyway.
    public ValueTask SendAsync(ReadOnlyMemory<byte> text) =>
        socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public async ValueTask CloseAsync(int code, string reason)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None);
    }

    public void Abort() => socket.Abort();
}
